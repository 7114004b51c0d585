/** What every read-through cache promises. */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { RedisCache } from '#adapters/redis/cache.ts';
import { apiTokenArea, principalArea } from '#application/identity/cached-rights.ts';
import { type CacheArea, cacheArea, INVALIDATION_LAPSE_MS, type ReadThroughCache } from '#application/shared/cache.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { anApiToken, at, aUser, newId } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { openTemporaryRedis } from '../../support/servers/temporary-redis.ts';

const PLAN: Plan = {
  memory: { skip: 'the embedded cache needs no file' },
  sqlite: { skip: 'the cache lives in the speed layer' },
  embedded: 'run',
  postgres: { skip: 'the cache lives in the speed layer' },
  redis: 'run',
};

type Loaded = Readonly<{ load: number }>;
const TTL_MS = 10_000;
const area = cacheArea<Loaded>({ name: 'tried', ttlMs: () => TTL_MS });
const otherArea = cacheArea<Loaded>({ name: 'also_tried', ttlMs: () => TTL_MS });
/** Values that say themselves when they end. */
const ending = cacheArea<Readonly<{ endsAt: Date }>>({
  name: 'ending',
  ttlMs: ({ endsAt }, now) => endsAt.getTime() - now.getTime(),
});

const trip = <Value>(name: string, of: CacheArea<Value>, value: Value) => ({
  name,
  loadTwice: async (cache: ReadThroughCache) => {
    await cache.get(of, 'a', async () => value);
    return cache.get(of, 'a', () => Promise.reject(new Error('loaded again')));
  },
  throughText: () => of.decode(of.encode(value)),
  value,
});
const user = aUser({ username: '@not a date', displayName: '@@2026-11-21T12:00:00.007Z' });
/** What the product caches, with every kind of field filled, and empty. */
const REAL_VALUES = [
  trip('a user and their permissions', principalArea, {
    user,
    permissions: ['chat.use', 'sources.read'],
    workspaces: workspaceRights([], true),
  }),
  trip('a user who may do nothing', principalArea, {
    user: aUser({ username: null, roles: [] }),
    permissions: [],
    workspaces: [],
  }),
  trip('a token that has ended', apiTokenArea, anApiToken(newId('user'))),
  trip('a token that nobody has used', apiTokenArea, anApiToken(newId('user'), { lastUsedAt: null, revokedAt: null })),
];

/** `isFull` once it holds so many values that it forgets some; Redis has room for what is not over. */
type Harness = Readonly<{ cache: ReadThroughCache; setClock: (seconds: number) => void; isFull: number }>;

const openers: Openers<Harness> = {
  embedded: async () => {
    let now = at(0);
    const cache = new EmbeddedCache({ clock: { now: () => now }, entriesPerArea: 100 });
    const setClock = (seconds: number) => {
      now = at(seconds);
    };
    return { harness: { cache, setClock, isFull: 100 }, close: async () => {} };
  },
  redis: async () => {
    let now = at(0);
    const { connection, close } = await openTemporaryRedis();
    const cache = new RedisCache({ redis: connection, clock: { now: () => now }, alone: false });
    const setClock = (seconds: number) => {
      now = at(seconds);
    };
    return { harness: { cache, setClock, isFull: Number.POSITIVE_INFINITY }, close };
  },
};

contract('ReadThroughCache', PLAN, openers, (harness) => {
  let loads: number;
  const load = async () => ({ load: ++loads });
  const get = (key: string) => harness().cache.get(area, key, load);

  /** A look-up whose load has begun, and ends when it is told to. */
  async function slowLoad() {
    const [begun, loaded] = [Promise.withResolvers<void>(), Promise.withResolvers<Loaded>()];
    const value = harness().cache.get(area, 'a', () => {
      begun.resolve();
      return loaded.promise;
    });
    await begun.promise;
    return { value, end: () => loaded.resolve({ load: -1 }) };
  }

  beforeEach(() => {
    loads = 0;
  });

  it('loads once, and gives what it cached until its time is over', async () => {
    expect(await get('a')).to.deep.equal({ load: 1 });
    harness().setClock(9.999);
    expect(await get('a')).to.deep.equal({ load: 1 });
    harness().setClock(10);
    expect(await get('a')).to.deep.equal({ load: 2 });
  });

  it('caches a value for as long as the value itself says', async () => {
    const until = (seconds: number) => harness().cache.get(ending, 'a', async () => ({ endsAt: at(seconds) }));
    expect(await until(5)).to.deep.equal({ endsAt: at(5) });
    harness().setClock(4.999);
    expect(await until(9)).to.deep.equal({ endsAt: at(5) });
    harness().setClock(5);
    expect(await until(9)).to.deep.equal({ endsAt: at(9) });
  });

  it('loads each key for itself, in each area', async () => {
    expect([await get('a'), await get('b')]).to.deep.equal([{ load: 1 }, { load: 2 }]);
    expect(await harness().cache.get(otherArea, 'a', load)).to.deep.equal({ load: 3 });
    expect(await get('a')).to.deep.equal({ load: 1 });
  });

  for (const { name, loadTwice, throughText, value } of REAL_VALUES) {
    it(`gives back ${name} as loaded, and its area brings it through text unchanged`, async () => {
      expect(await loadTwice(harness().cache)).to.deep.equal(value);
      expect(throughText()).to.deep.equal(value);
    });
  }

  it('loads a value once for concurrent callers', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => get('a')));
    expect(new Set(answers)).to.deep.equal(new Set([{ load: 1 }]));
    expect(loads).to.equal(1);
  });

  it('reloads only the key that was invalidated', async () => {
    await get('a');
    await get('b');
    await (await harness().cache.invalidate(area, 'a')).end();
    expect([await get('a'), await get('b')]).to.deep.equal([{ load: 3 }, { load: 2 }]);
    expect(await get('a')).to.deep.equal({ load: 3 });
  });

  it('loads everything again after the area was cleared, of that area alone', async () => {
    const all = async () => [await get('a'), await get('b'), await get('c')].map(({ load }) => load);
    expect(await all()).to.deep.equal([1, 2, 3]);
    await harness().cache.get(otherArea, 'a', load);
    await (await harness().cache.clear(area)).end();
    expect(await all()).to.deep.equal([5, 6, 7]);
    expect(await harness().cache.get(otherArea, 'a', load)).to.deep.equal({ load: 4 });
  });

  for (const forget of ['invalidate', 'clear'] as const) {
    describe(`told to ${forget}`, () => {
      const begin = () => (forget === 'clear' ? harness().cache.clear(area) : harness().cache.invalidate(area, 'a'));

      it('answers, but does not cache, what was being loaded', async () => {
        const first = await slowLoad();
        await (await begin()).end();
        const second = get('a');
        first.end();
        expect(await first.value).to.deep.equal({ load: -1 });
        expect(await second).to.deep.equal({ load: 1 });
        expect(await get('a')).to.deep.equal({ load: 1 });
      });

      it('loads for everybody, and caches nothing, until the invalidation ends', async () => {
        await get('a');
        const invalidation = await begin();
        expect([await get('a'), await get('a')]).to.deep.equal([{ load: 2 }, { load: 3 }]);
        expect(await Promise.all([get('a'), get('a')])).to.deep.equal([{ load: 4 }, { load: 5 }]);
        await invalidation.end();
        expect([await get('a'), await get('a')]).to.deep.equal([{ load: 6 }, { load: 6 }]);
      });

      it('does not cache what began to be loaded before the end and is there after it', async () => {
        const invalidation = await begin();
        const early = await slowLoad();
        await invalidation.end();
        early.end();
        expect(await early.value).to.deep.equal({ load: -1 });
        expect(await get('a')).to.deep.equal({ load: 1 });
      });

      it('caches nothing until the last of several invalidations ends', async () => {
        const [one, other] = [await begin(), await begin()];
        await one.end();
        expect([await get('a'), await get('a')]).to.deep.equal([{ load: 1 }, { load: 2 }]);
        await other.end();
        expect([await get('a'), await get('a')]).to.deep.equal([{ load: 3 }, { load: 3 }]);
      });

      it('caches again once an invalidation that nobody ends has lapsed, and forgets that when it is ended late', async () => {
        const lapses = INVALIDATION_LAPSE_MS / 1_000;
        const late = await begin();
        harness().setClock(lapses - 0.001);
        expect([await get('a'), await get('a')]).to.deep.equal([{ load: 1 }, { load: 2 }]);
        harness().setClock(lapses);
        expect([await get('a'), await get('a')]).to.deep.equal([{ load: 3 }, { load: 3 }]);
        await late.end();
        expect([await get('a'), await get('a')]).to.deep.equal([{ load: 4 }, { load: 4 }]);
      });
    });
  }

  it('goes on caching other keys, and other areas, while an invalidation lasts', async () => {
    await harness().cache.invalidate(area, 'a');
    expect([await get('b'), await get('b')]).to.deep.equal([{ load: 1 }, { load: 1 }]);
    await harness().cache.clear(area);
    const other = () => harness().cache.get(otherArea, 'a', load);
    expect([await other(), await other()]).to.deep.equal([{ load: 2 }, { load: 2 }]);
  });

  it('caches nothing of a load that throws, and throws it to all who asked', async () => {
    const away = new Error('away');
    const failing = () => harness().cache.get(area, 'a', () => Promise.reject(away));
    expect(await Promise.all([failureOf(failing()), failureOf(failing())])).to.deep.equal([away, away]);
    expect(await get('a')).to.deep.equal({ load: 1 });
  });

  it('caches a bounded number of values', async function () {
    if (harness().isFull > 150) this.skip();
    for (let i = 0; i < 150; i++) await get(`key ${i}`);
    await get('key 0');
    expect(loads).to.equal(151);
    await get('key 149');
    expect(loads).to.equal(151);
  });
});
