/** The rate limiter on Redis: what it leaves there, and what it does without it. */
import { expect } from 'chai';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisRateLimiter } from '#adapters/redis/rate-limiter.ts';
import { at } from '../../support/builders/records.ts';
import { OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';

const charge = { area: 'actor', key: 'a', limit: { requests: 1, windowMs: 60_000 }, cost: 1 } as const;

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

  it('leaves a key for each window, without what it counts in the clear, which goes after the window', async () => {
    const hour = { area: 'actor', key: 'usr_1', limit: { requests: 9, windowMs: 3_600_000 }, cost: 2 } as const;
    await limiter.take([{ ...charge, area: 'anonymous', key: '192.0.2.1' }, hour], at(0));
    const names = ((await redis.ask('KEYS', '*')) as string[]).toSorted();
    expect(names.map((name) => name.replace(/[0-9a-f]{64}$/, '…'))).to.deep.equal([
      'ratelimit:actor:…',
      'ratelimit:anonymous:…',
    ]);
    expect(await redis.ask('PTTL', names[0] as string)).to.be.within(3_640_000, 3_660_000);
    expect(await redis.ask('PTTL', names[1] as string)).to.be.within(100_000, 120_000);
  });

  it('lets everything pass while Redis is away or full, and counts again when it is back', async () => {
    const take = async (key = 'a') => (await limiter.take([{ ...charge, key }], at(0)))[0];
    expect(await take()).to.include({ allowed: true });
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    const passed = { allowed: true, remaining: 0, resetMs: 60_000, retryAfterMs: 0 };
    for (let n = 0; n < 2; n += 1) expect(await take('b')).to.deep.equal(passed);
    expect(await take()).to.include({ allowed: false });
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
    expect(await take()).to.include({ allowed: false });
    expect(await take('b')).to.deep.equal(passed);
    expect(await limiter.leaves(charge, at(0))).to.equal(false);
    await redis.kill();
    expect(await take()).to.deep.equal(passed);
    expect(await limiter.leaves(charge, at(0))).to.equal(true);
  });
});
