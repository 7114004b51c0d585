/** Where each store of the speed layer is, by configuration, and when several servers can share it. */
import { expect } from 'chai';
import { loadConfig } from '#infrastructure/config/config.ts';
import { chooseSpeedLayer } from '#infrastructure/stores/speed-choice.ts';

const choose = (settings: Record<string, string>, hasRedis = true) =>
  chooseSpeedLayer(
    loadConfig(settings, () => ''),
    hasRedis,
  );
const ON_REDIS = { REDIS_URL: 'redis://127.0.0.1:6379' };
const ON_POSTGRES = { DATABASE_URL: 'postgres://127.0.0.1/tavernkeep' };
const STORES = ['SESSION_STORE', 'CACHE_STORE', 'RATE_LIMIT_STORE'];

describe('the choice of the speed layer', () => {
  it('is in the process without Redis, and in memory where the records are', () => {
    expect(choose({}, false).kinds).to.include({ sessions: 'embedded', cache: 'embedded', rate_limits: 'embedded' });
    expect(choose({ DATABASE_URL: 'memory:' }, false).kinds).to.include({ sessions: 'memory', cache: 'memory' });
  });

  it('is Redis where there is one, but what is said to be elsewhere', () => {
    const { kinds } = choose({ ...ON_REDIS, CACHE_STORE: 'embedded' });
    expect(kinds).to.include({ sessions: 'redis', cache: 'embedded', rate_limits: 'redis', sign_in_delays: 'redis' });
  });

  it('is in the process where the Redis that is configured is not used', () => {
    const { kinds, shared } = choose({ ...ON_REDIS, ...ON_POSTGRES, SESSION_STORE: 'redis' }, false);
    expect(kinds).to.include({ sessions: 'embedded', cache: 'embedded', rate_limits: 'embedded' });
    expect(shared).to.equal(false);
  });

  it('can be shared by several servers with PostgreSQL and everything in Redis alone', () => {
    expect(choose({ ...ON_REDIS, ...ON_POSTGRES }).shared).to.equal(true);
    expect(choose(ON_REDIS).shared).to.equal(false);
    expect(choose({ ...ON_REDIS, DATABASE_URL: 'memory:' }).shared).to.equal(false);
    for (const store of STORES)
      expect(choose({ ...ON_REDIS, ...ON_POSTGRES, [store]: 'embedded' }).shared, store).to.equal(false);
  });

  it('cannot be Redis without REDIS_URL', () => {
    for (const store of STORES)
      expect(() => choose({ [store]: 'redis' })).to.throw(`${store}: is redis, which needs REDIS_URL`);
    expect(() => choose({ REDIS_SENTINELS: '127.0.0.1:26379' })).to.throw('REDIS_SENTINELS: needs a REDIS_URL');
    for (const url of ['http://127.0.0.1', 'redis:', 'unix:redis.sock'])
      expect(() => choose({ REDIS_URL: url })).to.throw('REDIS_URL: must be redis://');
  });
});
