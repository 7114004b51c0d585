/** The rate limiter on Redis: what it leaves there, and what it does without it. */
import { expect } from 'chai';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisRateLimiter } from '#adapters/redis/rate-limiter.ts';
import { at } from '../../support/builders/records.ts';
import { OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';

const limit = { requests: 1, windowMs: 60_000 };

withOwnRedis('the rate limiter on Redis', () => {
  let redis: OwnRedis;
  let connection: RedisConnection;
  let limiter: RedisRateLimiter;

  beforeEach(async () => {
    redis = await OwnRedis.start();
    connection = await RedisConnection.open({ url: redis.url, sentinels: [] });
    limiter = new RedisRateLimiter({ redis: connection });
  });
  afterEach(async () => {
    connection?.close();
    await redis?.remove();
  });

  it('leaves one key, without what it counts in the clear, which goes after the window', async () => {
    await limiter.take('anonymous', '192.0.2.1', limit, at(0));
    const [key, ...others] = (await redis.ask('KEYS', '*')) as string[];
    expect(others).to.deep.equal([]);
    expect(key).to.match(/^ratelimit:anonymous:[0-9a-f]{64}$/);
    expect(await redis.ask('PTTL', key as string)).to.be.within(100_000, 120_000);
  });

  it('lets everything pass while Redis is away or full, and counts again when it is back', async () => {
    expect((await limiter.take('actor', 'a', limit, at(0))).allowed).to.equal(true);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    const passed = { allowed: true, remaining: 0, resetMs: 60_000, retryAfterMs: 0 };
    expect(await limiter.take('actor', 'a', limit, at(0))).to.deep.equal(passed);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
    expect((await limiter.take('actor', 'a', limit, at(0))).allowed).to.equal(false);
    expect(await limiter.leaves('actor', 'a', limit, at(0))).to.equal(false);
    await redis.kill();
    expect(await limiter.take('actor', 'a', limit, at(0))).to.deep.equal(passed);
    expect(await limiter.leaves('actor', 'a', limit, at(0))).to.equal(true);
  });
});
