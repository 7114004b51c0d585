/**
 * No plain secret in what is kept: databases, the speed layer's file, logs and audit, after a scenario that uses every
 * kind.
 */
import { expect } from 'chai';
import { ServerProcess } from '../support/servers/process.ts';
import { filesOf } from '../support/servers/secret-scan.ts';
import { ADMIN, type Client, type Json, type Settings, sqliteSettings } from '../support/servers/server.ts';

describe('faults: secrets', function () {
  this.timeout(60_000);
  let settings: Settings;
  let folder: string;
  let remove: () => Promise<void>;
  let server: ServerProcess;

  before(async () => {
    const files = await sqliteSettings();
    ({ folder, remove } = files);
    settings = { ...files.settings, REGISTRATION: 'open', LOG_LEVEL: 'trace', SESSION_TOUCH_SECONDS: '0' };
    server = await ServerProcess.start(settings);
  });
  after(async () => {
    await server?.kill();
    await remove();
  });

  const [GIVEN, REGISTERED, CHANGED, LINKED, WRONG] = [
    'given-heron-lantern',
    'registered-heron-lantern',
    'changed-heron-lantern',
    'linked-heron-lantern',
    'wrong-heron-lantern',
  ] as const;

  const secretOf = (client: Client) => client.cookie?.split('=')[1] as string;

  async function answered(status: number, answer: Promise<Json>): Promise<Json> {
    const { status: given, text, body } = await answer;
    expect(given, text).to.equal(status);
    return body;
  }

  /** Uses everything that has a secret; answers the secrets. */
  async function scenario(): Promise<readonly string[]> {
    const admin = await server.client().signIn(ADMIN.login, ADMIN.password);
    const user = { email: 'vax@example.org', display_name: 'Vax', password: GIVEN };
    const { id } = await answered(201, admin.post('/admin/users', user));
    const client = await server.client().signIn(user.email, GIVEN);
    const first = secretOf(client);
    await answered(401, server.client().post('/auth/login', { login: WRONG, password: WRONG }));
    const account = { email: 'vex@example.org', display_name: 'Vex', password: REGISTERED };
    await answered(201, server.client().post('/auth/register', account));
    await answered(204, client.post('/auth/password', { current_password: GIVEN, new_password: CHANGED }));
    const tokens = [(await answered(201, client.post('/auth/tokens', { name: 'a', scopes: ['chat.use'] }))) as Json];
    tokens.push(await answered(201, client.post(`/auth/tokens/${tokens[0].id}/rotate`, { grace_seconds: 60 })));
    for (const { token } of tokens) {
      await answered(200, server.client().get('/auth/me', { Authorization: `Bearer ${token}` }));
    }
    const links = [await answered(201, admin.post(`/admin/users/${id}/password-link`))];
    const set = (new_password: string) => ({ code: links[0].code, new_password });
    await answered(204, server.client().post('/auth/password/set', set(LINKED)));
    await answered(410, server.client().post('/auth/password/set', set(LINKED)));
    const other = { email: 'scanlan@example.org', display_name: 'Scanlan' };
    links.push((await answered(201, admin.post('/admin/users', other))).password_link);
    await client.signIn(user.email, LINKED);
    return [
      ...[ADMIN.password, GIVEN, REGISTERED, CHANGED, LINKED, WRONG, first, secretOf(client), secretOf(admin)],
      ...tokens.flatMap(({ token }) => [token, token.split('_')[2]]),
      ...links.map(({ code }) => code),
    ];
  }

  it('appear in no database, speed file, log or audit, neither while the server runs nor after it has stopped', async () => {
    const secrets = await scenario();
    expect(secrets).to.have.length(15);
    const files = () => filesOf(folder);
    const admin = await server.client().signIn(ADMIN.login, ADMIN.password);
    const { text } = await admin.get('/admin/audit?limit=200');
    expect(text).to.contain('users.set_password').and.to.contain('tokens.rotate');
    const running = files();
    server.signal('SIGTERM');
    expect(await server.end()).to.equal(0);
    const kept = [...running, ...files(), ['logs', Buffer.from(server.output)], ['audit', Buffer.from(text)]] as const;
    expect(kept.map(([name]) => name)).to.include.members(['app.db', 'app.db-wal', 'speed.db']);
    expect(Buffer.concat(files().map(([, bytes]) => bytes)).includes('vax@example.org')).to.equal(true);
    for (const [name, bytes] of kept) {
      for (const secret of [...secrets, secretOf(admin)]) {
        expect(bytes.includes(secret), `${name} holds ${secret}`).to.equal(false);
      }
    }
  });
});
