/** Leases in Redis whose holder died or came too late. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { RedisLeases } from '#adapters/redis/leases.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { openTemporaryRedis, redisAnswers, type TemporaryRedis } from '../../support/servers/temporary-redis.ts';
import { until } from '../../support/until.ts';

((await redisAnswers()) ? describe : describe.skip)('RedisLeases', () => {
  let redis: TemporaryRedis;
  let leases: RedisLeases;

  beforeEach(async () => {
    redis = await openTemporaryRedis();
    leases = new RedisLeases({ redis: redis.connection });
  });
  afterEach(() => redis.close());

  it('are free once they have lapsed, and not given back by who came too late', async () => {
    const gate = Promise.withResolvers<void>();
    const late = leases.run('a', 50, () => gate.promise);
    const isFree = async () => (await redis.connection.command('EXISTS', 'lease:a')) === 0;
    await until(isFree, 'the lease lapses');
    const next = leases.run('a', 60_000, async () => {
      gate.resolve();
      await late;
      await sleep(1);
      return leases.run('a', 60_000, async () => 'a third');
    });
    expect(await next).to.equal(undefined);
  });

  it('are renewed for as long as they are held, and lapse once they are not', async () => {
    const lease = await leases.hold('a', 'first', 3_000);
    const ttl = () => redis.connection.command<number>('PTTL', 'lease:a');
    await until(async () => (await ttl()) < 2_500, 'a part of its time has passed');
    await until(async () => (await ttl()) > 2_500, 'it is renewed');
    expect(lease?.lost.aborted).to.equal(false);
    await redis.connection.command('SET', 'lease:a', 'somebody else');
    await until(() => lease?.lost.aborted, 'the holder finds out');
    await lease?.end();
    expect(await leases.findHolder('a')).to.equal('somebody else');
  });

  it('are refused with 503 while Redis is away', async () => {
    redis.connection.close();
    let works = 0;
    expect(await failureOf(leases.run('a', 1_000, async () => (works += 1)))).to.include({ code: 'store_unavailable' });
    expect(works).to.equal(0);
  });
});
