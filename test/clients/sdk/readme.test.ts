/** The SDK's README: its programs run, one after the other, and print what they say. */
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ROOT } from '../../support/project.ts';
import { ADMIN, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

const SDK = join(ROOT, 'clients/sdk');

describe('the README of the SDK', () => {
  let server: TestServer;
  let folder: string;
  before(async () => {
    server = await startTestServer();
    folder = temporaryFolder();
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await server.close();
  });

  it('has programs that compile, run and print what they are to print', async function () {
    this.timeout(60_000);
    const readme = readFileSync(join(SDK, 'README.md'), 'utf8');
    const programs = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, program = '']) => program);
    expect(programs).to.have.length(6);
    const imports = "import { Tavernkeep, TavernkeepError } from '";
    const program = programs.join('\n').replaceAll(/^import .*\n/gm, '');
    const here = program
      .replace('http://127.0.0.1:3000', server.url)
      .replace('vex@example.org', ADMIN.login)
      .replace('sturdy-oak-table', ADMIN.password);
    const file = join(folder, 'readme.mts');
    writeFileSync(file, `${imports}${join(SDK, 'sdk.ts')}';\n\n${here}`);
    const { stdout } = await promisify(execFile)(process.execPath, [file]);
    expect(stdout.split('\n')).to.deep.equal([
      'Context 0% · Next compact at 80%',
      '1 user: We open the door.',
      '1 entries in the window',
      '71 of 71 bytes',
      'queued',
      'There is no such thread.',
      '',
    ]);
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    const compilerOptions = { types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] };
    const settings = { extends: join(ROOT, 'tsconfig.json'), compilerOptions, include: [], files: [file] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings));
    await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch(({ stdout: faults }) => {
      throw new Error(faults);
    });
  });
});
