/** Two orders made one. */
import { expect } from 'chai';
import { fusedRanking } from '#domain/retrieval/finding/fusion.ts';

const order = (...scores: readonly (readonly [ordinal: number, score: number])[]) =>
  scores.map(([ordinal, score]) => ({ key: 1, ordinal, score }));
const fused = (
  byWords: ReturnType<typeof order>,
  byMeaning: ReturnType<typeof order>,
  fusion: 'minmax' | 'rrf' = 'minmax',
  ...exact: readonly number[]
) => {
  const places = new Set(exact.map((ordinal) => `1 ${ordinal}`));
  return fusedRanking(byWords, byMeaning, { fusion, exact: places }).map(({ ordinal, score }) => [ordinal, score]);
};

describe('the fusion of two orders', () => {
  it('is by the mean of scores between the least and the best of each', () => {
    const byWords = order([1, 30], [2, 20], [3, 10]);
    const byMeaning = order([3, 0.9], [4, 0.7], [1, 0.5]);
    expect(fused(byWords, byMeaning)).to.deep.equal([
      [1, 0.5],
      [3, 0.5],
      [2, 0.25],
      [4, (0.7 - 0.5) / (0.9 - 0.5) / 2],
    ]);
  });

  it('takes what stands alone, or beside its equals, for the best', () => {
    expect(fused(order([1, 3]), [])).to.deep.equal([[1, 0.5]]);
    expect(fused([], order([1, 0.2], [2, 0.2]))).to.deep.equal([
      [1, 0.5],
      [2, 0.5],
    ]);
    expect(fused([], [])).to.deep.equal([]);
  });

  it('is by reciprocal ranks where that is chosen', () => {
    const found = fused(order([1, 30], [2, 20]), order([2, 0.9]), 'rrf');
    expect(found).to.deep.equal([
      [2, 1 / 62 / 2 + 1 / 61 / 2],
      [1, 1 / 61 / 2],
    ]);
  });

  it('leaves what is exactly asked for at the head, and out of the others’ bounds', () => {
    const byWords = order([9, 5_000], [1, 30], [2, 20]);
    const byMeaning = order([2, 0.9], [9, 0.8], [1, 0.7]);
    expect(fused(byWords, byMeaning, 'minmax', 9)).to.deep.equal([
      [9, 5_000],
      [1, 0.5],
      [2, 0.5],
    ]);
  });
});
