/** Redis goes away under traffic, in every way that it can: refused in time, nobody let in, and back by itself. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { rounds } from '../support/reporting/rounds.ts';
import { OwnRedis, withOwnRedis } from '../support/servers/own-redis.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Answer, type Client, sqliteSettings } from '../support/servers/server.ts';
import { SlowProxy } from '../support/servers/slow-proxy.ts';
import { expectUnavailable, inTime, Traffic } from '../support/servers/traffic.ts';

const WRITERS = 4;
const WITHIN_MS = 2_000;
const POLL_MS = 5;

withOwnRedis('faults: the server during outages of Redis', function () {
  this.timeout(rounds(30) * 20_000);
  let redis: OwnRedis;
  let proxy: SlowProxy;
  let server: ServerProcess;
  let remove: () => Promise<void>;
  /** Signed in by a session, and by an API token. */
  let client: Client;
  let bearer: Client;
  let [bySession, byToken]: Traffic[] = [];
  let strangers: Promise<void>;
  let ended: boolean;

  beforeEach(async () => {
    redis = await OwnRedis.start('--appendonly', 'yes', '--appendfsync', 'always');
    proxy = await SlowProxy.start(redis.port);
    const files = await sqliteSettings();
    remove = files.remove;
    // Every use is recorded, and every request is counted: nothing is spared Redis.
    const everything = { SESSION_TOUCH_SECONDS: '0', RATE_LIMIT_ACTOR_PER_MINUTE: '1000000' };
    server = await ServerProcess.start({ ...files.settings, ...everything, REDIS_URL: proxy.url });
    client = await server.client().signIn(ADMIN.login, ADMIN.password);
    bearer = server.client();
    bearer.bearer = (await client.post('/auth/tokens', { name: 'a', scopes: ['chat.use'] })).body.token;
    [bySession, byToken] = [new Traffic(client, WITHIN_MS), new Traffic(bearer, WITHIN_MS)];
    await Promise.all([bySession.start(WRITERS), byToken.start(WRITERS)]);
    ended = false;
    strangers = knock();
  });
  afterEach(async () => {
    ended = true;
    await server?.kill();
    await proxy?.close();
    await redis?.remove();
    await remove?.();
  });

  /** Somebody who is not signed in, again and again: never let in, and never a fault. */
  async function knock(): Promise<void> {
    const stranger = server.client();
    stranger.cookie = `${client.cookie?.split('=')[0]}=${'A'.repeat(43)}`;
    for (; !ended; await sleep(POLL_MS)) {
      const answer = await inTime(stranger.get('/auth/me'), WITHIN_MS);
      if (answer.status !== 401) expectUnavailable(answer);
    }
  }

  const me = (): Promise<Answer> => inTime(client.get('/auth/me'), WITHIN_MS);
  const refused = () => (bySession as Traffic).refused();

  async function checkAway(): Promise<void> {
    expectUnavailable(await me());
    const ready = await inTime(client.get('/health/ready'), WITHIN_MS);
    expect([ready.status, ready.body.checks.redis]).to.deep.equal([200, 'away']);
    expect((await inTime(bearer.get('/chat'), WITHIN_MS)).status).to.equal(200);
    expectUnavailable(
      await inTime(server.client().post('/auth/login', { login: ADMIN.login, password: ADMIN.password })),
    );
  }

  /** As before in time, with nothing lost or doubled; tokens have been served all the time, and nothing is a fault. */
  async function checkNormal(): Promise<void> {
    await Promise.all([bySession?.normal(), byToken?.normal()]);
    ended = true;
    await Promise.all([bySession?.stop(), byToken?.stop(), strangers]);
    expect(byToken?.refusals).to.equal(0);
    expect((await me()).status).to.equal(200);
    expect((await client.get('/health/ready')).body.checks).to.include({ redis: 'redis' });
    checkLog();
  }

  /** The process lives, says nothing that is no log line, and had no fault. */
  function checkLog(): void {
    for (const line of server.output.trim().split('\n')) expect(() => JSON.parse(line), line).not.to.throw();
    expect(server.output).not.to.match(/"status":5(?!03)|"level":"fatal"/);
  }

  it(`refuses sessions while Redis is killed, and goes on with them when it was restarted, ${rounds(30)} times`, async () => {
    for (let round = 1; round <= rounds(30); round += 1) {
      await redis.kill();
      await refused();
      if (round === 1) await checkAway();
      await redis.start();
      await Promise.all([bySession?.normal(), byToken?.normal()]);
    }
    await checkNormal();
  });

  it(`answers in time while Redis is paused for ${rounds(10)} s`, async () => {
    redis.signal('SIGSTOP');
    await refused();
    await checkAway();
    await sleep(rounds(10) * 1_000);
    redis.signal('SIGCONT');
    await checkNormal();
  });

  it('signs everybody out where Redis is flushed, and lets them sign in again', async () => {
    ended = true;
    // A session that is gone is no fault of a store: the traffic of this one ends here.
    await Promise.all([bySession?.stop(), strangers]);
    await redis.ask('FLUSHALL');
    expect((await me()).status).to.equal(401);
    await byToken?.normal();
    await client.signIn(ADMIN.login, ADMIN.password);
    expect((await me()).status).to.equal(200);
    await byToken?.stop();
    expect(byToken?.refusals).to.equal(0);
    checkLog();
  });

  it('goes on with the sessions that there are while Redis is full, and begins none', async () => {
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    const login = { login: ADMIN.login, password: ADMIN.password };
    expectUnavailable(await inTime(server.client().post('/auth/login', login), WITHIN_MS));
    await Promise.all([bySession?.normal(), byToken?.normal()]);
    expect(bySession?.refusals).to.equal(0);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
    expect((await server.client().post('/auth/login', login)).status).to.equal(200);
    await checkNormal();
  });

  it(`refuses sessions in time while Redis is slow, and while connections are cut, ${rounds(20)} times`, async () => {
    proxy.delayMs = 300;
    await refused();
    await checkAway();
    for (let round = 1; round <= rounds(20); round += 1) {
      proxy.cut();
      await sleep(100);
    }
    proxy.delayMs = 0;
    await checkNormal();
  });

  it('refuses sessions while Redis is loading', async () => {
    await redis.ask('EVAL', "for i = 1, 3000 do redis.call('SET', 'key' .. i, string.rep('x', 100)) end", '0');
    await redis.kill();
    await refused();
    await redis.start('--key-load-delay', '400', '--loading-process-events-interval-bytes', '1024');
    await refused();
    expect(await redis.ask('PING').catch(String)).to.contain('LOADING');
    await checkAway();
    while ((await redis.ask('PING').catch(String)) !== 'PONG') await sleep(POLL_MS);
    await checkNormal();
  });
});
