/** The connection to Redis: what each outage is to its callers, and how it comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { RedisConnection, type RedisState } from '#adapters/redis/connection.ts';
import type { CallOutcome } from '#adapters/redis/link.ts';
import { scriptOf } from '#adapters/redis/scripts.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';
import { until } from '../../support/until.ts';

const AT_ONCE_MS = 100;
const LATE_MS = 800;
const BACK_MS = 5_000;

const increment = scriptOf('increment', "return redis.call('INCR', KEYS[1])", { changes: true });
const read = scriptOf('read', "return redis.call('GET', KEYS[1])");

withOwnRedis('the connection to Redis', () => {
  let redis: OwnRedis;
  let connection: RedisConnection;
  let states: RedisState[];
  let calls: [string, CallOutcome][];

  beforeEach(async () => {
    redis = await OwnRedis.start();
    [states, calls] = [[], []];
    connection = await RedisConnection.open(
      { url: redis.url, sentinels: [] },
      { called: (name, _ms, outcome) => calls.push([name, outcome]), changed: (state) => states.push(state) },
    );
  });
  afterEach(async () => {
    connection?.close();
    await redis?.remove();
  });

  async function refusal(call: Promise<unknown>): Promise<Readonly<{ code: unknown; ms: number }>> {
    const began = performance.now();
    const failure = (await failureOf(call)) as { code?: unknown };
    return { code: failure.code, ms: performance.now() - began };
  }
  const get = () => connection.command('GET', 'a');
  const back = () => until(() => connection.state === 'redis', 'Redis is back', BACK_MS);
  const away = () => until(() => connection.state === 'away', 'Redis is away', BACK_MS);

  it('runs commands and scripts, also those that Redis has forgotten', async () => {
    expect(await connection.command('SET', 'a', '1')).to.equal('OK');
    expect(await connection.run(increment, ['a'])).to.equal(2);
    await redis.ask('SCRIPT', 'FLUSH');
    expect(await connection.run(increment, ['a'])).to.equal(3);
    expect(await Promise.all([connection.run(read, ['a']), get()])).to.deep.equal(['3', '3']);
    expect(calls).to.deep.include(['increment', 'answered']).and.to.deep.include(['GET', 'answered']);
  });

  it('refuses calls in time while Redis is paused, at once when it has not answered three, and comes back by itself', async () => {
    redis.signal('SIGSTOP');
    for (const call of [get, () => connection.run(read, ['a']), get]) {
      const { code, ms } = await refusal(call());
      expect(code).to.equal('store_unavailable');
      expect(ms).to.be.within(200, LATE_MS);
    }
    expect(connection.state).to.equal('away');
    const { code, ms } = await refusal(get());
    expect([code, ms < AT_ONCE_MS]).to.deep.equal(['store_unavailable', true]);
    await sleep(1_500);
    expect(connection.state).to.equal('away');
    redis.signal('SIGCONT');
    await back();
    expect(await get()).to.equal(null);
    expect(states).to.deep.equal(['away', 'redis']);
  });

  it('goes on after an answer as if none had been late before', async () => {
    for (const late of [2, 2]) {
      redis.signal('SIGSTOP');
      for (let call = 0; call < late; call += 1) expect((await refusal(get())).code).to.equal('store_unavailable');
      redis.signal('SIGCONT');
      expect(await get()).to.equal(null);
    }
    expect(states).to.deep.equal([]);
  });

  it('says that the outcome is unknown where a change was sent and not answered, and repeats nothing', async () => {
    redis.signal('SIGSTOP');
    const sent = [refusal(connection.run(increment, ['a'])), refusal(connection.run(increment, ['a']))];
    expect((await Promise.all(sent)).map(({ code }) => code)).to.deep.equal(['outcome_unknown', 'outcome_unknown']);
    await refusal(get());
    expect((await refusal(connection.run(increment, ['a']))).code).to.equal('store_unavailable');
    redis.signal('SIGCONT');
    await back();
    // The first was sent whole only when its digest would have been answered: at most what was sent is done.
    expect(Number((await get()) ?? 0)).to.be.at.most(2);
  });

  it('is away from the moment on at which Redis is killed, and back when it has been restarted', async () => {
    for (let round = 1; round <= 3; round += 1) {
      await redis.kill();
      await away();
      expect((await refusal(get())).code).to.equal('store_unavailable');
      await redis.start();
      await back();
      expect(await get()).to.equal(null);
    }
  });

  it('does what is to be done at a return before anybody else may call, and tries again where that fails', async () => {
    let [attempts, done] = [0, false];
    connection.onReturn(async (calls) => {
      attempts += 1;
      if (attempts === 1) throw new Error('not yet');
      expect([connection.state, (await refusal(get())).code]).to.deep.equal(['away', 'store_unavailable']);
      await calls.command('SET', 'a', 'done');
      done = true;
    });
    connection.renew();
    await away();
    await back();
    expect([attempts, done, await get()]).to.deep.equal([2, true, 'done']);
  });

  it('counts a Redis that is loading as away, until it has loaded', async () => {
    await redis.ask('EVAL', "for i = 1, 3000 do redis.call('SET', 'key' .. i, string.rep('x', 100)) end", '0');
    await redis.ask('SAVE');
    await redis.kill();
    await away();
    await redis.start('--key-load-delay', '300', '--loading-process-events-interval-bytes', '1024');
    expect(String(await failureOf(redis.ask('GET', 'a')))).to.contain('LOADING');
    await sleep(300);
    expect([connection.state, (await refusal(get())).code]).to.deep.equal(['away', 'store_unavailable']);
    await until(async () => (await redis.ask('GET', 'a').catch(() => 'loading')) !== 'loading', 'Redis has loaded');
    await back();
    expect(await connection.command('GET', 'key1')).to.have.length(100);
  });

  it('refuses a change where Redis is full, and goes on reading', async () => {
    await connection.command('SET', 'a', '1');
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    expect((await refusal(connection.run(increment, ['a']))).code).to.equal('store_unavailable');
    expect((await refusal(connection.command('SET', 'b', '1'))).code).to.equal('store_unavailable');
    expect([await get(), connection.state, states]).to.deep.equal(['1', 'redis', []]);
  });

  it('is away while a script blocks Redis, and while Redis is a replica', async () => {
    await redis.ask('CONFIG', 'SET', 'busy-reply-threshold', '1');
    const endless = redis.ask('EVAL', 'while true do end', '0').catch(() => {});
    await until(async () => /BUSY/.test(String(await redis.ask('GET', 'a').catch(String))), 'it is blocked');
    expect((await refusal(get())).code).to.equal('store_unavailable');
    expect(connection.state).to.equal('away');
    await redis.ask('SCRIPT', 'KILL');
    await endless;
    await back();
    await redis.ask('REPLICAOF', '127.0.0.1', '1');
    expect((await refusal(connection.run(increment, ['a']))).code).to.equal('store_unavailable');
    expect(states).to.deep.equal(['away', 'redis', 'away']);
  });

  it('passes on what is a fault of ours', async () => {
    const broken = scriptOf('broken', 'return nothing()');
    expect(String(await failureOf(connection.run(broken, [])))).to.contain("global variable 'nothing'");
    expect(connection.state).to.equal('redis');
  });

  it('does not take an answer for late because the process itself was busy', async () => {
    const beBusy = (ms: number) => {
      for (const end = performance.now() + ms; performance.now() < end; );
    };
    const answers = Array.from({ length: 5 }, get);
    await new Promise(setImmediate);
    beBusy(600);
    expect(await Promise.all(answers)).to.deep.equal(Array(5).fill(null));
    // The answer comes while the process is busy, and is read after the time is over.
    redis.signal('SIGSTOP');
    const answer = get();
    await sleep(150);
    setImmediate(() => {
      redis.signal('SIGCONT');
      beBusy(400);
    });
    expect(await answer).to.equal(null);
  });

  it('does not open where nothing listens, or the password is wrong, and says why', async () => {
    const failing = (url: string) => failureOf(RedisConnection.open({ url, sentinels: [] }));
    expect(String(await failing('redis://127.0.0.1:1'))).to.contain('ECONNREFUSED');
    await redis.ask('ACL', 'SETUSER', 'keeper', 'on', '>right', '~*', '+@all');
    expect(String(await failing(redis.url.replace('//', '//keeper:wrong@')))).to.contain('WRONGPASS');
    const right = await RedisConnection.open({ url: redis.url.replace('//', '//keeper:right@'), sentinels: [] });
    expect(await right.command('ACL', 'WHOAMI')).to.equal('keeper');
    right.close();
  });

  it('makes no attempt to return once it is closed', async () => {
    connection.close();
    expect((await refusal(get())).code).to.equal('store_unavailable');
    await sleep(200);
    expect([connection.state, states]).to.deep.equal(['away', []]);
  });
});
