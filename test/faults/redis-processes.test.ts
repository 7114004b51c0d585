/** Two servers on one PostgreSQL and one Redis: what one of them changes holds for the next request on the other. */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import { CLI } from '../support/project.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { answered, Installation } from '../support/servers/installation.ts';
import { hasRedisProgram } from '../support/servers/own-redis.ts';
import { ServerProcess } from '../support/servers/process.ts';
import type { Client, Json, Settings } from '../support/servers/server.ts';

const ALONE = { skip: 'several servers need PostgreSQL and Redis' };
const PLAN: Plan = { memory: ALONE, sqlite: ALONE, embedded: ALONE, redis: ALONE, postgres: 'run' };

onBackends('Two servers on one Redis', PLAN, () => {
  let installation: Installation;
  let admin: Client;

  before(async function () {
    this.timeout(180_000);
    if (!hasRedisProgram()) return this.skip();
    installation = await Installation.start(2);
    admin = (await installation.admin()).client;
  });
  after(() => installation?.remove());

  const at = (server: number, client: Client) => installation.at(server, client);
  const person = (...roles: readonly string[]) => installation.person(...roles);
  const status = async (client: Client, path = '/auth/me') => (await client.get(path)).status;

  it(`let nobody go on whose session was ended at the other, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const { client, email } = await person('player');
    for (let round = 1; round <= rounds(100); round += 1) {
      const [here, there] = round % 2 === 0 ? [0, 1] : [1, 0];
      const second = await installation.signIn(here, email);
      expect([await status(at(0, second)), await status(at(1, second))]).to.deep.equal([200, 200]);
      await answered(204, at(here, second).post('/auth/logout'));
      expect(await status(at(there, second))).to.equal(401);
      const third = await installation.signIn(there, email);
      await answered(200, at(there, third).post('/auth/logout-all'));
      expect([await status(at(here, third)), await status(at(here, client))]).to.deep.equal([401, 401]);
      client.cookie = (await installation.signIn(here, email)).cookie;
    }
  });

  it(`see a right that was given or taken at the other with the next request, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const { id, client } = await person('player');
    await answered(201, admin.post('/admin/roles', { name: 'bard', description: '', permissions: ['users.read'] }));
    for (let round = 1; round <= rounds(100); round += 1) {
      const [here, there] = round % 2 === 0 ? [0, 1] : [1, 0];
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
      const [here, there] = round % 2 === 0 ? [0, 1] : [1, 0];
      const { id, client } = await person('player');
      const issued = await answered(201, client.post('/auth/tokens', { name: 'a', scopes: ['chat.use'] }));
      const bearer = installation.client(there);
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
    const from = { 'X-Forwarded-For': '192.0.2.7' };
    const guess = (server: number) =>
      installation.client(server).post('/auth/login', { login: email, password: 'wrong' }, from);
    const answers: Json[] = [];
    for (let i = 0; i < 6; i += 1) answers.push(await guess(i));
    expect(answers.map((answer) => answer.status)).to.deep.equal([401, 401, 401, 401, 401, 429]);
  });

  it('serve on after they are told to stop, but are not ready; told again they wait for nobody', async function () {
    this.timeout(120_000);
    const [server] = installation.servers as [ServerProcess];
    server.signal('SIGTERM');
    await server.said(/"msg":"stopping"/);
    const ready = await server.client().get('/health/ready');
    expect(ready.status).to.equal(503);
    expect(ready.body.checks).to.deep.equal({ server: 'stopping' });
    expect(await status(at(0, admin))).to.equal(200);
    server.signal('SIGTERM');
    expect(await server.end()).to.equal(0);
    installation.servers[0] = await ServerProcess.start(installation.settings);
  });

  it('leave one whole audit behind', async function () {
    this.timeout(120_000);
    for (const server of installation.servers) server.signal('SIGTERM');
    for (const server of installation.servers) {
      expect(await server.end()).to.equal(0);
      expect(server.output).not.to.match(/"status":5|"level":"(error|fatal)"/);
    }
    const { status: code, stdout } = spawnSync(process.execPath, [CLI, 'audit:verify'], {
      env: { PATH: process.env.PATH ?? '', ...installation.settings },
      encoding: 'utf8',
    });
    expect(code, stdout).to.equal(0);
    await installation.restart(2);
  });

  it('are one server where a part of the speed layer is not in Redis: a second one is refused', async function () {
    this.timeout(120_000);
    const { settings } = installation;
    for (const server of installation.servers) await server.kill();
    const alone = { ...settings, CACHE_STORE: 'embedded' };
    installation.servers = [await ServerProcess.start(alone)];
    const refused = async (settings: Settings) => {
      const second = new ServerProcess(settings);
      expect(await second.end()).to.equal(1);
      return second.output;
    };
    expect(await refused(alone)).to.match(/several at once need REDIS_URL/);
    expect(await refused(settings)).to.match(/Another Tavernkeep process/);
  });
});
