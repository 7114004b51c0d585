/** What every read-through cache promises. */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import type { ReadThroughCache } from '#application/shared/cache.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { at } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const PLAN: Plan = {
  memory: { skip: 'the embedded cache needs no file' },
  sqlite: { skip: 'the cache lives in the speed layer' },
  embedded: 'run',
  postgres: { skip: 'the cache lives in the speed layer' },
  redis: { skip: 'not written yet' },
};

type Harness = Readonly<{ cache: ReadThroughCache; setClock: (seconds: number) => void }>;

const openers: Openers<Harness> = {
  embedded: async () => {
    let now = at(0);
    const cache = new EmbeddedCache({ clock: { now: () => now }, keptPerArea: 100 });
    const setClock = (seconds: number) => {
      now = at(seconds);
    };
    return { harness: { cache, setClock }, close: async () => {} };
  },
};

contract('ReadThroughCache', PLAN, openers, (harness) => {
  let loads: number;
  const load = async () => ({ load: ++loads });
  const get = (key: string, ttlMs = 10_000) => harness().cache.get('permissions', key, load, ttlMs);

  beforeEach(() => {
    loads = 0;
  });

  it('loads once, and gives what it kept until its time is over', async () => {
    expect(await get('a')).to.deep.equal({ load: 1 });
    harness().setClock(9.999);
    expect(await get('a')).to.deep.equal({ load: 1 });
    harness().setClock(10);
    expect(await get('a')).to.deep.equal({ load: 2 });
  });

  it('loads each key for itself', async () => {
    expect([await get('a'), await get('b')]).to.deep.equal([{ load: 1 }, { load: 2 }]);
  });

  it('loads once however many ask at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => get('a')));
    expect(new Set(answers)).to.deep.equal(new Set([{ load: 1 }]));
    expect(loads).to.equal(1);
  });

  it('loads again after an invalidation, of the key alone', async () => {
    await get('a');
    await get('b');
    await harness().cache.invalidate('permissions', 'a');
    expect([await get('a'), await get('b')]).to.deep.equal([{ load: 3 }, { load: 2 }]);
  });

  it('loads everything again after the area was cleared', async () => {
    await get('a');
    await harness().cache.clear('permissions');
    expect(await get('a')).to.deep.equal({ load: 2 });
  });

  for (const forget of ['invalidate', 'clear'] as const) {
    it(`answers, but does not keep, what was being loaded when it was told to ${forget}`, async () => {
      const slow = Promise.withResolvers<{ load: number }>();
      const first = harness().cache.get('permissions', 'a', () => slow.promise, 10_000);
      await (forget === 'clear'
        ? harness().cache.clear('permissions')
        : harness().cache.invalidate('permissions', 'a'));
      const second = get('a');
      slow.resolve({ load: -1 });
      expect(await first).to.deep.equal({ load: -1 });
      expect(await second).to.deep.equal({ load: 1 });
      expect(await get('a')).to.deep.equal({ load: 1 });
    });
  }

  it('keeps nothing of a load that throws, and throws it to all who asked', async () => {
    const away = new Error('away');
    const failing = () => harness().cache.get('permissions', 'a', () => Promise.reject(away), 10_000);
    expect(await Promise.all([failureOf(failing()), failureOf(failing())])).to.deep.equal([away, away]);
    expect(await get('a')).to.deep.equal({ load: 1 });
  });

  it('holds a bounded number of values', async () => {
    for (let i = 0; i < 150; i++) await get(`key ${i}`);
    await get('key 0');
    expect(loads).to.equal(151);
    await get('key 149');
    expect(loads).to.equal(151);
  });
});
