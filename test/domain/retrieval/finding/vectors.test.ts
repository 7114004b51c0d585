/** The nearest vectors, beside what they are by arithmetic without any packing. */
import { expect } from 'chai';
import { nearestPassages, packedVectors } from '#domain/retrieval/finding/vectors.ts';

/** Numbers around 0, the same each time. */
function* numbers(seed = 1): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648 - 0.5;
  }
}

function vectorsOf(count: number, dimension: number, seed = 1): ReadonlyMap<number, Float32Array> {
  const source = numbers(seed);
  const vector = () => Float32Array.from({ length: dimension }, () => source.next().value as number);
  return new Map(Array.from({ length: count }, (_, at) => [at + 1, vector()]));
}

function cosine(a: Float32Array, b: Float32Array): number {
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, at) => sum + value * y[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

describe('the nearest passages', () => {
  for (const dimension of [1, 3, 16, 17, 768, 8_192])
    it(`are those of the greatest cosine, within a hundredth, in ${dimension} dimensions`, () => {
      const vectors = vectorsOf(dimension > 1_000 ? 20 : 200, dimension);
      const question = [...vectorsOf(1, dimension, 99).values()][0]!;
      const found = nearestPassages(question, [{ key: 7, vectors: packedVectors(vectors) }], 10);
      const exact = [...vectors.values()].map((vector) => cosine(question, vector)).sort((a, b) => b - a);
      expect(found).to.have.lengthOf(10);
      for (const [at, { key, ordinal, score }] of found.entries()) {
        expect(key).to.equal(7);
        expect(score).to.be.closeTo(cosine(question, vectors.get(ordinal)!), 0.01);
        expect(score).to.be.closeTo(exact[at]!, 0.01);
      }
    });

  it('are found in whichever block they are, however many there are, in order', () => {
    const vectors = vectorsOf(5_000, 32);
    const parts = [...vectors].reduce<[number, Float32Array][][]>((all, entry, at) => {
      if (at % 7 === 0) all.push([]);
      all.at(-1)!.push(entry);
      return all;
    }, []);
    const blocks = parts.map((part, key) => ({ key, vectors: packedVectors(new Map(part)) }));
    for (const ordinal of [1, 7, 8, 4_999, 5_000])
      expect(nearestPassages(vectors.get(ordinal)!, blocks, 3)[0]).to.include({
        key: Math.floor((ordinal - 1) / 7),
        ordinal,
      });
    const one = [{ key: 0, vectors: packedVectors(vectors) }];
    const scores = nearestPassages(vectors.get(1)!, one, 50).map(({ score }) => score);
    expect(scores).to.deep.equal(scores.toSorted((a, b) => b - a));
  });

  it('do not depend on how long a vector is, and are none where there are no vectors', () => {
    const vectors = new Map([
      [1, Float32Array.of(1e-20, 0)],
      [2, Float32Array.of(3e20, 4e20)],
    ]);
    const found = nearestPassages(Float32Array.of(6, 8), [{ key: 1, vectors: packedVectors(vectors) }], 5);
    expect(found.map(({ ordinal }) => ordinal)).to.deep.equal([2, 1]);
    expect(found[0]!.score).to.be.closeTo(1, 0.01);
    expect(found[1]!.score).to.be.closeTo(0.6, 0.01);
    expect(nearestPassages(Float32Array.of(1), [], 5)).to.deep.equal([]);
    expect(nearestPassages(Float32Array.of(1), [{ key: 1, vectors: packedVectors(new Map()) }], 5)).to.deep.equal([]);
  });
});
