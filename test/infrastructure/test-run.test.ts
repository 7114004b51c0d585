/** `npm test` for some of the tests: by folder, by file, by title. */
import { spawnSync } from 'node:child_process';
import { globSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/project.ts';

const RUN = join(ROOT, 'test/run.ts');

function hasTests(path: string): boolean {
  return statSync(path).isDirectory() && globSync('**/*.test.ts', { cwd: path }).length > 0;
}

describe('npm test', function () {
  this.timeout(60_000);

  function run(...args: readonly string[]): { status: number | null; passed: number; output: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, ...args], { encoding: 'utf8' });
    const output = stdout + stderr;
    return { status, passed: Number(/^(\d+) passed, \d+ failed$/m.exec(output)?.[1]), output };
  }

  it('runs one folder without the checks', () => {
    const { status, passed, output } = run('domain/games');
    expect(status).to.equal(0);
    expect(passed).to.be.greaterThan(0);
    expect(output).not.to.include('format and lint');
  });

  it('runs one file, named from the project or from test/', () => {
    const fromProject = run('test/domain/games/policy.test.ts');
    const fromTests = run('domain/games/policy.test.ts');
    expect(fromProject).to.include({ status: 0, passed: fromTests.passed });
    expect(fromTests.passed).to.be.greaterThan(1);
  });

  it('runs the tests whose titles have a text', () => {
    const all = run('domain/games').passed;
    const { status, passed } = run('domain/games', '--grep', 'last GM');
    expect(status).to.equal(0);
    expect(passed).to.be.within(1, all - 1);
  });

  it('fails where no title has the text', () => {
    expect(run('domain/games', '--grep', 'no test has this title').status).to.equal(1);
  });

  it('fails where the part is not there, and names the folders', () => {
    const { status, output } = run('domian');
    expect(status).to.equal(1);
    expect(output).to.include('There is no domian below test/.');
    const named = /Folders are (.+)\./.exec(output)?.[1]?.split(', ');
    const folders = readdirSync(join(ROOT, 'test')).filter((name) => hasTests(join(ROOT, 'test', name)));
    expect(named).to.have.members(folders);
  });
});
