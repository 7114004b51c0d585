/**
 * Replies with two servers on one PostgreSQL and one Redis: one at a time, cancelled from either, and one that dies.
 */
import { expect } from 'chai';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import { hangsAfter, type ModelServer, says, startModelServer } from '../support/model/model-server.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { hasRedisProgram, OwnRedis } from '../support/servers/own-redis.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Client, type Json, type Settings } from '../support/servers/server.ts';
import { createDatabase, dropDatabase, templateDatabase } from '../support/servers/temporary-postgres.ts';
import { until } from '../support/until.ts';

const ALONE = { skip: 'several servers need PostgreSQL and Redis' };
const PLAN: Plan = { memory: ALONE, sqlite: ALONE, embedded: ALONE, redis: ALONE, postgres: 'run' };

onBackends('Replies of two servers', PLAN, () => {
  let redis: OwnRedis;
  let model: ModelServer;
  let url: string;
  let settings: Settings;
  let servers: [ServerProcess, ServerProcess];
  let clients: [Client, Client];
  let thread: string;

  before(async function () {
    this.timeout(60_000);
    if (!hasRedisProgram()) return this.skip();
    [redis, model] = [await OwnRedis.start(), await startModelServer()];
    url = await createDatabase(await templateDatabase());
    settings = { DATABASE_URL: url, REDIS_URL: redis.url, LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b' };
    servers = [await ServerProcess.start(settings), await ServerProcess.start(settings)];
    const client = await servers[0].client().signIn(ADMIN.login, ADMIN.password);
    clients = [client, sameAt(servers[1], client)];
  });
  after(async () => {
    for (const server of servers ?? []) await server.kill();
    await model?.close();
    await redis?.remove();
    if (url !== undefined) await dropDatabase(url);
  });
  beforeEach(async () => {
    thread = (await clients[1].post('/chat', {})).body.id;
    await clients[1].post(`/chat/${thread}`, { content: 'We open the door.' });
  });

  function sameAt(server: ServerProcess, client: Client): Client {
    const same = server.client();
    same.cookie = client.cookie;
    return same;
  }

  const ask = (server: 0 | 1) => clients[server].post(`/chat/${thread}/replies`, {});
  const answers = async (): Promise<Json[]> =>
    (await clients[1].get(`/chat/${thread}/messages`)).body.items.filter(({ role }: Json) => role === 'assistant');
  const answered = (content: string) =>
    until(async () => (await answers()).some((one) => one.content === content), `"${content}" is appended`);

  /** Resolves with its id once the model is asked for it. */
  async function begun(server: 0 | 1): Promise<string> {
    const asked = model.asked.length;
    const { status, body, text } = await ask(server);
    expect(status, text).to.equal(202);
    await until(() => model.asked.length > asked, 'the model is asked');
    return body.reply_id;
  }

  it(`begin one of two that are asked for at once, and end it from the other server, ${rounds(50)} times`, async function () {
    this.timeout(120_000);
    model.will(hangsAfter('The door'));
    for (let round = 1; round <= rounds(50); round += 1) {
      const both = await Promise.all([ask(0), ask(1)]);
      expect(both.map(({ status }) => status).sort()).to.deep.equal([202, 409]);
      const begunAt = both[0].status === 202 ? 0 : 1;
      const { reply_id: id } = both[begunAt].body;
      const path = `/chat/${thread}/replies/${id}`;
      expect((await clients[begunAt === 0 ? 1 : 0].delete(path)).status).to.equal(204);
      await until(() => servers[begunAt].output.includes(`"reply_id":"${id}"`), 'its end is logged');
      const line = servers[begunAt].output.split('\n').find((one) => one.includes(`"reply_id":"${id}"`));
      expect(JSON.parse(line as string)).to.include({ outcome: 'cancelled' });
    }
    expect(await answers()).to.deep.equal([]);
  });

  it('leave nothing behind where the process is held up beyond its lease: the reply that began later stands', async function () {
    this.timeout(60_000);
    model.will(hangsAfter('Too late.'));
    const stale = await begun(0);
    servers[0].signal('SIGSTOP');
    expect((await ask(1)).body.code).to.equal('reply_in_progress');
    await redis.ask('PEXPIRE', `lease:reply:${thread}`, '1');
    model.will(says('The door creaks.'));
    await until(async () => (await ask(1)).status === 202, 'the lease has lapsed');
    await answered('The door creaks.');
    servers[0].signal('SIGCONT');
    await servers[0].said(new RegExp(`"reply_id":"${stale}".*"outcome":"reply_superseded"`));
    expect(await answers()).to.have.length(1);
  });

  it('leave nothing behind where the process is killed, and free the thread when the lease has lapsed', async function () {
    this.timeout(240_000);
    for (let round = 1; round <= rounds(10); round += 1) {
      model.will(hangsAfter('The door'));
      await begun(0);
      await servers[0].kill();
      expect((await ask(1)).body.code).to.equal('reply_in_progress');
      expect(Number(await redis.ask('PTTL', `lease:reply:${thread}`))).to.be.within(1, 30_000);
      expect(await answers()).to.have.length(round - 1);
      await redis.ask('PEXPIRE', `lease:reply:${thread}`, '1');
      model.will(says(`The door creaks ${round} times.`));
      await until(async () => (await ask(1)).status === 202, 'the lease has lapsed');
      await answered(`The door creaks ${round} times.`);
      servers[0] = await ServerProcess.start(settings);
      clients[0] = sameAt(servers[0], clients[1]);
    }
  });
});
