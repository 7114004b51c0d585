/** `npm run admin:reset` on a real database: the way back in for who has lost the only admin's password. */
import { spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { CLI } from '../../support/project.ts';
import { ADMIN, type Settings, sqliteSettings, startTestServer } from '../../support/servers/server.ts';

describe('npm run admin:reset', function () {
  this.timeout(30_000);
  let settings: Settings;
  let folder: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ settings, folder, remove } = await sqliteSettings());
  });
  afterEach(() => remove());

  async function run(...args: readonly string[]): Promise<Readonly<{ code: number | null; said: string }>> {
    const env = { PATH: process.env.PATH ?? '', BCRYPT_COST: '4', ...settings };
    const child = spawn(process.execPath, [CLI, 'admin:reset', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const exited = new Promise<number | null>((resolve) => child.on('exit', resolve));
    const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { code, said: out + errors };
  }

  it('says to stop the servers first beside one; then puts a password into a file of mode 0600 that alone signs in', async () => {
    const server = await startTestServer(settings);
    const admin = await server.admin();
    const { cookie } = admin;
    const token = await server.token(admin, 'users.read');
    const beside = await run();
    await server.close();
    expect(beside.code).to.equal(1);
    expect(beside.said).to.match(/Stop (it|the servers) first/);
    const { code, said } = await run();
    expect(code, said).to.equal(0);
    const file = join(folder, 'reset-admin-password.txt');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    const [login = '', password = ''] = (await readFile(file, 'utf8')).split('\n');
    expect(login).to.equal(ADMIN.login);
    expect(said).not.to.contain(password);

    const again = await startTestServer(settings);
    try {
      const old = again.client();
      old.cookie = cookie;
      expect((await old.get('/auth/me')).status).to.equal(401);
      expect((await again.client().get('/auth/me', { Authorization: `Bearer ${token}` })).status).to.equal(401);
      expect((await again.client().post('/auth/login', ADMIN)).status).to.equal(401);
      const client = await again.client().signIn(login, password);
      const { items } = (await client.get('/admin/audit?action=users.set_password')).body;
      expect(items).to.have.length(1);
      expect(items[0]).to.include({ actor_kind: 'system', outcome: 'done' });
    } finally {
      await again.close();
    }
  });

  it('names what is wrong where it cannot tell whose password, and changes nothing', async () => {
    const server = await startTestServer(settings);
    await server.user('admin');
    await server.user();
    await server.close();
    expect(await run()).to.deep.include({ code: 1 });
    expect((await run()).said).to.contain('several active admins');
    expect((await run('nobody@example.org')).said).to.contain('no such user');
    expect((await run('user2@example.org')).said).to.contain('no admin');
    const again = await startTestServer(settings);
    expect((await again.client().post('/auth/login', ADMIN)).status).to.equal(200);
    await again.close();
  });
});
