/** Two servers on one PostgreSQL and one Redis: what one of them changes holds for the next request on the other. */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import { aFernetKey } from '../support/builders/fernet-keys.ts';
import { CLI } from '../support/project.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { hasRedisProgram, OwnRedis } from '../support/servers/own-redis.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Client, type Json, type Settings } from '../support/servers/server.ts';
import { createDatabase, dropDatabase, templateDatabase } from '../support/servers/temporary-postgres.ts';

const ALONE = { skip: 'several servers need PostgreSQL and Redis' };
const PLAN: Plan = { memory: ALONE, sqlite: ALONE, embedded: ALONE, redis: ALONE, postgres: 'run' };
const PASSWORD = 'sturdy-oak-table';

onBackends('Two servers on one Redis', PLAN, () => {
  let redis: OwnRedis;
  let url: string;
  let settings: Settings;
  let servers: [ServerProcess, ServerProcess];
  let admin: Client;
  let people = 0;

  before(async function () {
    this.timeout(60_000);
    if (!hasRedisProgram()) return this.skip();
    redis = await OwnRedis.start();
    url = await createDatabase(await templateDatabase());
    settings = { DATABASE_URL: url, REDIS_URL: redis.url, FERNET_KEYS: aFernetKey(), TRUST_PROXY: '1' };
    servers = [await ServerProcess.start(settings), await ServerProcess.start(settings)];
    admin = await servers[0].client().signIn(ADMIN.login, ADMIN.password);
  });
  after(async () => {
    for (const server of servers ?? []) await server.kill();
    await redis?.remove();
    if (url !== undefined) await dropDatabase(url);
  });

  /** The same person at the other server. */
  function at(server: 0 | 1, client: Client): Client {
    const same = servers[server].client();
    same.cookie = client.cookie;
    same.bearer = client.bearer;
    return same;
  }

  async function answered(status: number, answer: Promise<Json>): Promise<Json> {
    const { status: given, text, body } = await answer;
    expect(given, text).to.equal(status);
    return body;
  }

  async function person(...roles: readonly string[]): Promise<Readonly<{ id: string; email: string; client: Client }>> {
    people += 1;
    const email = `user${people}@example.org`;
    const body = { email, display_name: 'Vex', password: PASSWORD, roles };
    const { id } = await answered(201, admin.post('/admin/users', body));
    return { id, email, client: await servers[(people % 2) as 0 | 1].client().signIn(email, PASSWORD) };
  }

  const status = async (client: Client, path = '/auth/me') => (await client.get(path)).status;

  it(`let nobody go on whose session was ended at the other, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const { client, email } = await person('player');
    for (let round = 1; round <= rounds(100); round += 1) {
      const [here, there] = round % 2 === 0 ? [0 as const, 1 as const] : [1 as const, 0 as const];
      const second = await servers[here].client().signIn(email, PASSWORD);
      expect([await status(at(0, second)), await status(at(1, second))]).to.deep.equal([200, 200]);
      await answered(204, at(here, second).post('/auth/logout'));
      expect(await status(at(there, second))).to.equal(401);
      const third = await servers[there].client().signIn(email, PASSWORD);
      await answered(200, at(there, third).post('/auth/logout-all'));
      expect([await status(at(here, third)), await status(at(here, client))]).to.deep.equal([401, 401]);
      await client.signIn(email, PASSWORD);
    }
  });

  it(`see a right that was given or taken at the other with the next request, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const { id, client } = await person('player');
    await answered(201, admin.post('/admin/roles', { name: 'bard', description: '', permissions: ['users.read'] }));
    for (let round = 1; round <= rounds(100); round += 1) {
      const [here, there] = round % 2 === 0 ? [0 as const, 1 as const] : [1 as const, 0 as const];
      expect(await status(at(there, client), '/admin/users')).to.equal(403);
      await answered(200, at(here, admin).post(`/admin/users/${id}/roles`, { role: 'bard' }));
      expect(await status(at(there, client), '/admin/users')).to.equal(200);
      await answered(200, at(here, admin).delete('/admin/roles/bard/permissions/users.read'));
      expect(await status(at(there, client), '/admin/users')).to.equal(403);
      await answered(200, at(here, admin).put('/admin/roles/bard/permissions/users.read', undefined));
      expect(await status(at(there, client), '/admin/users')).to.equal(200);
      await answered(200, at(here, admin).delete(`/admin/users/${id}/roles/bard`));
    }
  });

  it(`refuse a token that was revoked, and a user who was disabled, at the other, ${rounds(50)} times`, async function () {
    this.timeout(120_000);
    for (let round = 1; round <= rounds(50); round += 1) {
      const [here, there] = round % 2 === 0 ? [0 as const, 1 as const] : [1 as const, 0 as const];
      const { id, client } = await person('player');
      const issued = await answered(201, client.post('/auth/tokens', { name: 'a', scopes: ['chat.use'] }));
      const bearer = servers[there].client();
      bearer.bearer = issued.token;
      expect(await status(bearer)).to.equal(200);
      await answered(204, at(here, client).delete(`/auth/tokens/${issued.id}`));
      expect([await status(bearer), await status(at(there, client))]).to.deep.equal([401, 200]);
      const user = at(here, admin);
      await answered(200, user.change(`/admin/users/${id}`, { status: 'disabled' }));
      expect(await status(at(there, client))).to.equal(401);
    }
  });

  it('count failures to sign in together', async () => {
    const { email } = await person('player');
    const guess = (server: 0 | 1) =>
      servers[server]
        .client()
        .post('/auth/login', { login: email, password: 'wrong' }, { 'X-Forwarded-For': '192.0.2.7' });
    const answers: Json[] = [];
    for (let i = 0; i < 6; i += 1) answers.push(await guess(i % 2 === 0 ? 0 : 1));
    expect(answers.map((answer) => answer.status)).to.deep.equal([401, 401, 401, 401, 401, 429]);
  });

  it('leave one whole audit behind', async () => {
    for (const server of servers) {
      server.signal('SIGTERM');
      expect(await server.end()).to.equal(0);
      expect(server.output).not.to.match(/"status":5|"level":"(error|fatal)"/);
    }
    const { status: code, stdout } = spawnSync(process.execPath, [CLI, 'audit:verify'], {
      env: { PATH: process.env.PATH ?? '', ...settings },
      encoding: 'utf8',
    });
    expect(code, stdout).to.equal(0);
    servers = [await ServerProcess.start(settings), await ServerProcess.start(settings)];
  });

  it('are one server where a part of the speed layer is not in Redis: a second one is refused', async () => {
    for (const server of servers) await server.kill();
    const alone = { ...settings, CACHE_STORE: 'embedded' };
    servers = [await ServerProcess.start(alone), new ServerProcess(alone)];
    expect(await servers[1].end()).to.equal(1);
    expect(servers[1].output).to.match(/several at once need REDIS_URL/);
    const shared = new ServerProcess(settings);
    expect(await shared.end()).to.equal(1);
    expect(shared.output).to.match(/Another Tavernkeep process/);
  });
});
