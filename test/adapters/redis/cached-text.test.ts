/** What stands under the key of a cached value, and for how long it is good. */
import { expect } from 'chai';
import { cachedText, goodText, permitOf } from '#adapters/redis/cached-text.ts';

describe('A cached text', () => {
  const stored = cachedText({ text: 'a b = ?c', generation: 'gen-1', untilMs: 1_000 });

  it('is good in its generation until its time is over', () => {
    expect(goodText(stored, 'gen-1', 0)).to.equal('a b = ?c');
    expect(goodText(stored, 'gen-1', 999)).to.equal('a b = ?c');
    expect(goodText(stored, 'gen-1', 1_000)).to.equal(undefined);
    expect(goodText(cachedText({ text: '', generation: 'g', untilMs: 1 }), 'g', 0)).to.equal('');
  });

  it('is none in another generation, of which one may begin like the other, and where there is no generation', () => {
    for (const generation of ['gen-2', 'gen', 'gen-11', '', null])
      expect(goodText(stored, generation, 0), String(generation)).to.equal(undefined);
  });

  it('is none where there is nothing, or the permit of a load', () => {
    expect(goodText(null, 'gen-1', 0)).to.equal(undefined);
    expect(goodText(permitOf('gen-1 1000 x'), 'gen-1', 0)).to.equal(undefined);
  });
});
