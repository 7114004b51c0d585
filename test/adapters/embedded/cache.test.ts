/** The embedded cache, where its own clock is all that ends what it holds. */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { cacheArea } from '#application/shared/cache.ts';
import { at } from '../../support/builders/records.ts';

const area = cacheArea<string>({ name: 'area', ttlMs: () => 10_000 });

describe('the embedded cache', () => {
  it('loads anew what it cached while the clock was ahead', async () => {
    let seconds = 3_600;
    const cache = new EmbeddedCache({ clock: { now: () => at(seconds) } });
    await cache.get(area, 'a', async () => 'ahead');
    seconds = 0;
    expect(await cache.get(area, 'a', async () => 'now')).to.equal('now');
    seconds = 9;
    expect(await cache.get(area, 'a', async () => 'later')).to.equal('now');
  });
});
