/** What the metrics tell of a real Redis: its calls, whether it is away, and a scrape that waits for nobody. */
import { expect } from 'chai';
import { Scraped } from '../../support/metrics/scraped.ts';
import { OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';
import { until } from '../../support/until.ts';

withOwnRedis('metrics of a server on Redis', function () {
  this.timeout(30_000);
  let redis: OwnRedis;
  let server: TestServer | undefined;
  beforeEach(async () => {
    redis = await OwnRedis.start();
    server = await startTestServer({ REDIS_URL: redis.url });
  });
  afterEach(async () => {
    await server?.close();
    server = undefined;
    await redis?.remove();
  });

  async function scrape(): Promise<Scraped> {
    const answer = await server?.client().get('/metrics');
    expect(answer?.status).to.equal(200);
    return new Scraped(answer?.text ?? '');
  }

  it('count its calls by name, with how long they take and the sessions that are alive there', async () => {
    await (await server?.admin())?.get('/auth/me');
    const found = await scrape();
    expect(found.value('tavernkeep_redis_away')).to.equal(0);
    expect(found.value('tavernkeep_redis_calls_total', { outcome: 'answered' })).to.be.greaterThan(3);
    expect(found.value('tavernkeep_redis_call_duration_seconds_count')).to.be.greaterThan(3);
    expect(found.value('tavernkeep_sessions_alive')).to.equal(1);
    expect(found.value('tavernkeep_cache_lookups_total', { area: 'permissions' })).to.be.greaterThan(0);
    const names = found.lines.flatMap(({ labels }) => labels.call ?? []);
    for (const name of names) expect(name).to.match(/^[a-z][a-z.-]*$/i);
  });

  it('tell that it is away, answer all the same, and tell that it is back', async () => {
    await redis.kill();
    await until(async () => (await scrape()).value('tavernkeep_redis_away') === 1, 'Redis is away');
    expect((await scrape()).value('tavernkeep_sessions_alive')).to.equal(undefined);
    await redis.start();
    await until(async () => (await scrape()).value('tavernkeep_redis_away') === 0, 'Redis is back');
  });
});
