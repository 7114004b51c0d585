/** `npm run library`: the demonstration, and its commands on a running server. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ROOT } from '../../support/project.ts';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';

const LIBRARY = join(ROOT, 'clients/library/library.ts');
const RULES = `# Combat

## Prone

A prone creature crawls, and has disadvantage on its attacks. Standing up costs half of the speed of a creature, and
cannot be done without any speed at all.

## Grappling

To seize a creature, make a Strength check that is contested by a Dexterity check of the target, who is free again as
soon as it wins a check of its own.
`;

describe('npm run library', function () {
  this.timeout(120_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'library-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (env: Record<string, string>, ...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [LIBRARY, ...args], { cwd: folder, env }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );

  it('shows three questions about the sample in memory, one of which it does not answer', async () => {
    const { code, stdout, stderr } = await run({}, 'demo');
    expect([code, stderr]).to.deep.equal([0, '']);
    expect(stdout).to.match(/^Lanterns in the Fen: 6\d passages\n/u);
    expect(stdout).to.match(/A warden can have three wounds\. \[1\]/u);
    expect(stdout).to.include('[1] Lanterns in the Fen, Danger > Damage and Wounds');
    expect(stdout).to.include('They fear bells and burning road lanterns, and never cross running water. [1]');
    expect(stdout.split('> What is the range of a laser cannon?\n\n')[1]).to.match(
      /^Your books do not answer that\.\n/u,
    );
  });

  it('prints the passages of documents without a server', async () => {
    writeFileSync(join(folder, 'rules.md'), RULES);
    const { code, stdout } = await run({}, 'read', 'rules.md');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^rules\.md: markdown, 2 passages\n\n\[1 · Combat > Prone\]/u);
  });

  it('says what is missing, and how it is called', async () => {
    const told = async (...args: readonly string[]) => (await run({}, ...args)).stderr;
    expect(await told()).to.include('npm run library -- demo');
    expect(await told('sing')).to.include('npm run library -- demo');
    expect(await told('list')).to.include('TAVERNKEEP_TOKEN');
    const env = { TAVERNKEEP_TOKEN: 'tk', TAVERNKEEP_URL: 'http://127.0.0.1:9' };
    expect((await run(env, 'ask')).stderr).to.equal('Give a question.\n');
    expect((await run(env, 'add', 'rules.md')).stderr).to.include('Give --source <id>');
    expect((await run(env, 'add', '--source', 'src_x')).stderr).to.equal('Give the path of a document.\n');
    expect((await run(env, 'add', '--sauce', 'src_x')).stderr).to.include('--sauce');
    expect((await run(env, 'list')).stderr).to.match(/^http:\/\/127\.0\.0\.1:9 does not answer \(/u);
  });

  describe('on a server', () => {
    let server: TestServer;
    let env: Record<string, string>;
    let source: string;
    before(async () => {
      server = await startTestServer();
      const admin = await server.admin();
      source = (await admin.post('/sources', { title: 'Rules', edition: '2nd', included: true })).body.id;
      env = {
        TAVERNKEEP_URL: server.url,
        TAVERNKEEP_TOKEN: await server.token(admin, 'sources.read', 'sources.write'),
      };
    });
    after(() => server.close());

    it('adds documents, says which are not read and why, lists, asks, and reads them anew', async () => {
      writeFileSync(join(folder, 'rules.md'), RULES);
      writeFileSync(join(folder, 'empty.md'), '');
      const added = await run(env, 'add', 'rules.md', 'empty.md', 'none.md', '--source', source);
      expect(added.code).to.equal(1);
      const [rules, empty, none] = added.stdout.split('\n');
      expect([rules, none]).to.deep.equal(['rules.md: 2 passages', 'none.md: The file cannot be read (ENOENT).']);
      expect(empty).to.match(/^empty\.md: The document is empty/u);
      expect((await run(env, 'add', 'rules.md', '--source', source)).stdout).to.equal('rules.md: is there already\n');
      const { stdout: listed } = await run(env, 'list');
      expect(listed).to.match(
        new RegExp(`^${source}  Rules \\(2nd\\)\n  doc_\\S+  rules\\.md: ready, 2 passages\n$`, 'u'),
      );
      const asked = await run(env, 'ask', 'What does standing up cost a prone creature?');
      expect(asked.stdout).to.match(/Standing up costs half of the speed .* \[1\]/u);
      expect(asked.stdout).to.include('[1] Rules, Combat > Prone');
      expect(await run(env, 'rebuild', '--source', source)).to.deep.include({ code: 0, stderr: '' });
      expect((await run(env, 'ask', 'Who painted the Mona Lisa?')).stdout).to.match(
        /^Your books do not answer that\./u,
      );
    });

    it('tells what the server refuses', async () => {
      const refused = await run({ ...env, TAVERNKEEP_TOKEN: 'tk_nobody' }, 'list');
      expect([refused.code, refused.stderr]).to.deep.equal([1, 'You are not signed in. Sign in and try again.\n']);
      expect((await run(env, 'add', 'rules.md', '--source', 'src_none')).stdout).to.equal(
        'rules.md: There is no such source.\n',
      );
    });
  });
});
