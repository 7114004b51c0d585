/** The cache on Redis, used by two processes: what one changes the other sees, whatever becomes of Redis meanwhile. */
import { expect } from 'chai';
import { RedisCache } from '#adapters/redis/cache.ts';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { cacheArea } from '#application/shared/cache.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';
import { until } from '../../support/until.ts';

const area = cacheArea<string>({ name: 'tried', ttlMs: () => 60_000 });
const clock = { now: () => new Date() };
const BACK_MS = 5_000;

withOwnRedis('the cache on Redis', () => {
  let redis: OwnRedis;
  let connections: RedisConnection[];
  let one: RedisCache;
  let other: RedisCache;
  /** What is in the database. */
  let stored: string;
  let loads: number;

  const get = (cache: RedisCache, key = 'a') =>
    cache.get(area, key, async () => {
      loads += 1;
      return stored;
    });

  async function open(alone = false): Promise<RedisCache> {
    const connection = await RedisConnection.open({ url: redis.url, sentinels: [] });
    connections.push(connection);
    return new RedisCache({ redis: connection, clock, alone });
  }

  const back = () => until(() => connections.every(({ state }) => state === 'redis'), 'Redis is back', BACK_MS);

  beforeEach(async () => {
    [redis, connections, stored, loads] = [await OwnRedis.start(), [], 'old', 0];
    [one, other] = [await open(), await open()];
  });
  afterEach(async () => {
    for (const connection of connections) connection.close();
    await redis?.remove();
  });

  it('US-REDIS-001: looks a rule up once, serves it from cache:rules:<key> until its end, and reloads it once changed', async () => {
    const rules = cacheArea<string>({ name: 'rules', ttlMs: () => 40_000 });
    const rule = (cache: RedisCache) =>
      cache.get(rules, 'grappling', async () => {
        loads += 1;
        return stored;
      });
    expect([await rule(one), await rule(one), await rule(other), loads]).to.deep.equal(['old', 'old', 'old', 1]);
    expect(await redis.ask('PTTL', 'cache:rules:grappling')).to.be.within(1, 40_000);
    const invalidation = await other.invalidate(rules, 'grappling');
    stored = 'new';
    await invalidation.end();
    expect([await rule(one), await rule(other), loads]).to.deep.equal(['new', 'new', 2]);
    await redis.ask('PEXPIRE', 'cache:rules:grappling', '0');
    stored = 'newer';
    expect([await rule(one), loads]).to.deep.equal(['newer', 3]);
  });

  it('gives one process what the other has loaded', async () => {
    expect([await get(one), await get(other), loads]).to.deep.equal(['old', 'old', 1]);
  });

  for (const forget of ['invalidate', 'clear'] as const) {
    const begin = (cache: RedisCache) => (forget === 'clear' ? cache.clear(area) : cache.invalidate(area, 'a'));

    describe(`told to ${forget} by one process`, () => {
      it('gives the other nothing old from before the commit on, and caches again after the end', async () => {
        expect([await get(one), await get(other)]).to.deep.equal(['old', 'old']);
        const invalidation = await begin(one);
        expect([await get(other), await get(other), loads]).to.deep.equal(['old', 'old', 3]);
        stored = 'new';
        expect(await get(other)).to.equal('new');
        await invalidation.end();
        expect([await get(other), await get(one), loads]).to.deep.equal(['new', 'new', 5]);
      });

      it('does not let the other cache, nor join, what began to be loaded before', async () => {
        const [begun, loaded] = [Promise.withResolvers<void>(), Promise.withResolvers<string>()];
        const slow = other.get(area, 'a', () => {
          begun.resolve();
          return loaded.promise;
        });
        await begun.promise;
        const invalidation = await begin(one);
        stored = 'new';
        await invalidation.end();
        expect(await get(other)).to.equal('new');
        loaded.resolve('old');
        expect([await slow, await get(other), await get(one)]).to.deep.equal(['old', 'new', 'new']);
      });

      it('gives nothing old where that process is killed between commit and end', async () => {
        await get(other);
        await begin(one);
        stored = 'new';
        connections[0]?.close();
        expect([await get(other), await get(other), loads]).to.deep.equal(['new', 'new', 3]);
      });

      it('works where Redis is full', async () => {
        await get(other);
        await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
        const invalidation = await begin(one);
        stored = 'new';
        await invalidation.end();
        expect(await get(other)).to.equal('new');
      });

      it('refuses (503) where Redis is away, unless no other process could serve the old value', async () => {
        const alone = await open(true);
        await get(alone);
        redis.signal('SIGSTOP');
        expect(await failureOf(begin(one))).to.include({ code: 'store_unavailable' });
        const invalidation = await begin(alone);
        expect(connections[2]?.state).to.equal('away');
        stored = 'new';
        await invalidation.end();
        expect(await get(alone)).to.equal('new');
        redis.signal('SIGCONT');
        await back();
        expect(await get(alone)).to.equal('new');
      });
    });
  }

  it('loads everything while Redis is away, and has forgotten what was there when it is back', async () => {
    await redis.ask('CONFIG', 'SET', 'appendonly', 'yes');
    await get(one);
    await until(
      async () => /aof_rewrite_in_progress:0/.test(String(await redis.ask('INFO', 'persistence'))),
      'it is written',
    );
    await redis.kill();
    await until(() => connections.every(({ state }) => state === 'away'), 'Redis is away');
    expect([await get(one), await get(one), loads]).to.deep.equal(['old', 'old', 3]);
    stored = 'new';
    await redis.start('--appendonly', 'yes');
    await back();
    expect(await redis.ask('EXISTS', 'cache:tried:a')).to.equal(1);
    expect([await get(one), await get(other), loads]).to.deep.equal(['new', 'new', 4]);
  });

  it('gives what was loaded where Redis goes away before it can be cached', async () => {
    const loaded = await one.get(area, 'a', async () => {
      await redis.kill();
      return 'loaded';
    });
    expect(loaded).to.equal('loaded');
  });

  it('is empty after it was emptied', async () => {
    await get(one);
    await other.empty();
    stored = 'new';
    expect(await get(one)).to.equal('new');
  });
});
