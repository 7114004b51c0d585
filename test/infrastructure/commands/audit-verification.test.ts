/** `npm run audit:verify` beside a running server, on a log that somebody tampered with, and after a kill. */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { CLI } from '../../support/project.ts';
import { ServerProcess } from '../../support/servers/process.ts';
import { ADMIN, type Settings, sqliteSettings } from '../../support/servers/server.ts';

type Verdict = Readonly<{ code: number; output: string }>;

async function verify(settings: Settings, ...rest: readonly string[]): Promise<Verdict> {
  const run = promisify(execFile)(process.execPath, [CLI, 'audit:verify', ...rest], { env: settings });
  return run.then(
    ({ stdout }) => ({ code: 0, output: stdout }),
    ({ code, stdout, stderr }) => ({ code, output: `${stdout}${stderr}` }),
  );
}

/** The verdict once nothing is left to seal; the server seals twice a second. */
async function verifyOnceSealed(settings: Settings): Promise<Verdict> {
  for (let tries = 0; tries < 20; tries += 1) {
    const verdict = await verify(settings);
    if (!/not sealed yet/.test(verdict.output)) return verdict;
  }
  throw new Error('Entries are still not sealed after 20 verifications.');
}

describe('npm run audit:verify', function () {
  this.timeout(60_000);
  let settings: Settings;
  let folder: string;
  let remove: () => Promise<void>;
  let server: ServerProcess | undefined;

  beforeEach(async () => {
    ({ settings, folder, remove } = await sqliteSettings());
  });
  afterEach(async () => {
    await server?.kill();
    await remove();
  });

  async function startWithRoles(count: number): Promise<void> {
    server = await ServerProcess.start(settings);
    const admin = await server.client().signIn(ADMIN.login, ADMIN.password);
    for (let n = 0; n < count; n += 1) await admin.post('/admin/roles', { name: `role-${n}` });
  }

  /** As somebody with the file would: past the triggers. */
  function tamper(sql: string): void {
    const database = new DatabaseSync(join(folder, 'app.db'));
    for (const trigger of ['audit_not_removed', 'audit_not_changed', 'audit_sealed_once'])
      database.exec(`DROP TRIGGER IF EXISTS ${trigger}`);
    database.exec(sql);
    database.close();
  }

  it('verifies the chain beside a running server, and refuses a forged head', async () => {
    await startWithRoles(5);
    const verdict = await verifyOnceSealed(settings);
    expect(verdict.code).to.equal(0);
    expect(verdict.output).to.match(/links that hold: 7\nhead: 7:[0-9a-f]{64}\n$/);
    const [head = ''] = /7:[0-9a-f]{64}/.exec(verdict.output) ?? [];
    expect((await verify(settings, head)).code).to.equal(0);
    const forged = await verify(settings, `7:${'0'.repeat(64)}`);
    expect(forged).to.deep.include({ code: 1 });
    expect(forged.output).to.match(/BROKEN at place 7: the chain was made anew/);
  });

  it('reports the first broken link of a chain that was tampered with', async () => {
    await startWithRoles(5);
    server?.signal('SIGTERM');
    expect(await server?.end()).to.equal(0);
    tamper("UPDATE audit_entries SET actor_id = 'usr_somebody' WHERE place = 4");
    const altered = await verify(settings);
    expect(altered.code).to.equal(1);
    expect(altered.output).to.match(/BROKEN at place 4: the entry, or its hash, is not what was sealed \(aud_/);
    tamper('DELETE FROM audit_entries WHERE place >= 3');
    expect((await verify(settings)).output).to.match(/BROKEN at place 3: the entry that belongs there is gone/);
  });

  it('reads a table whose entries can be neither deleted nor changed', async () => {
    await startWithRoles(1);
    server?.signal('SIGTERM');
    await server?.end();
    const database = new DatabaseSync(join(folder, 'app.db'));
    for (const sql of [
      'DELETE FROM audit_entries',
      "UPDATE audit_entries SET action = 'users.read'",
      "UPDATE audit_entries SET hash = 'x' WHERE place = 1",
    ])
      expect(() => database.exec(sql), sql).to.throw('append-only');
    database.close();
  });

  it('lists the entries that a kill left unsealed, and finds them sealed after the next start', async () => {
    await startWithRoles(0);
    const admin = await server?.client().signIn(ADMIN.login, ADMIN.password);
    const names = Array.from({ length: 50 }, (_, n) => `late-${n}`);
    const answers = await Promise.all(names.map((name) => admin?.post('/admin/roles', { name })));
    await server?.kill();
    expect(answers.map((answer) => answer?.status)).to.deep.equal(Array(50).fill(201));
    const killed = await verify(settings);
    expect(killed.code, killed.output).to.equal(0);
    const tail = /not sealed yet: (.*)/.exec(killed.output)?.[1]?.split(', ') ?? [];
    const sealed = Number(/links that hold: (\d+)/.exec(killed.output)?.[1]);
    expect(sealed + tail.length).to.equal(53);
    server = await ServerProcess.start(settings);
    const verdict = await verifyOnceSealed(settings);
    expect(verdict).to.deep.include({ code: 0 });
    expect(verdict.output).to.match(/links that hold: 53\n/);
  });

  it('reports a missing database, a memory database and a malformed head', async () => {
    const absent = await verify({ DATABASE_URL: `sqlite:${join(folder, 'absent.db')}` });
    expect(absent.code).to.equal(1);
    expect(absent.output).to.contain('DATABASE_URL: absent.db cannot be used').and.contain('Correct the path');
    expect((await verify({ DATABASE_URL: 'memory:' })).output).to.contain('gone by now');
    expect((await verify(settings, 'head')).output).to.contain('A head is a number');
  });
});
