/** `npm run bench` without the shared transcripts: it says what it leaves out, and ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/project.ts';

describe('npm run bench without transcripts', function () {
  this.timeout(180_000);

  let folder: string;
  let child: ChildProcess;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'tavernkeep-bench-'));
  });
  after(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('prints the rows of a part before it measures the next, measures our sample, and ends', async () => {
    child = spawn(process.execPath, ['bench/bench.ts', '--quick', '--only', 'fidelity,compaction'], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, TAVERNKEEP_TEST_DATA: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [output, atFidelity] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (atFidelity === '' && output.includes('| fidelity')) atFidelity = output;
    });
    const [code] = await once(child, 'close');
    expect(code, output).to.equal(0);
    expect(atFidelity)
      .to.match(/\| fidelity +\| left out \(.*no transcripts in/)
      .and.not.include('| compaction');
    expect(output).to.match(/\| compaction of chats with tools +\| left out/);
    for (const budget of ['16 k', '128 k', '1000 k'])
      expect(output).to.match(new RegExp(`compaction of ${budget} tokens of play, chars_div_4 +\\| [\\d.]+ ms`));
  });
});
