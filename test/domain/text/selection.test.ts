/** Sentences are chosen by what they tell for what they cost, without repeating each other. */
import { expect } from 'chai';
import { choose } from '#domain/text/selection.ts';

const words = () => ({
  weights: Float64Array.of(10, 8, 1, 4),
  repeatFactor: Float64Array.of(0.25, 0.25, 0.25, 1),
  novelty: new Float64Array(4).fill(1),
});
const sentence = (ids: readonly number[], cost = 10, weight = 1) => ({ words: ids, weight, cost });

describe('Choosing sentences', () => {
  it('takes the most telling first, and fills exactly the limit', () => {
    const candidates = [sentence([2]), sentence([0]), sentence([1])];
    expect(choose(candidates, words(), 30)).to.deep.equal([1, 2, 0]);
    expect(choose(candidates, words(), 20)).to.deep.equal([1, 2]);
    expect(choose(candidates, words(), 19)).to.deep.equal([1]);
    expect(choose(candidates, words(), 9)).to.deep.equal([]);
  });

  it('counts what was said already for less, so that the same is not said twice', () => {
    expect(choose([sentence([0]), sentence([0]), sentence([3])], words(), 20)).to.deep.equal([0, 2]);
    expect(choose([sentence([3]), sentence([3]), sentence([2])], words(), 20)).to.deep.equal([0, 1]);
  });

  it('prefers what costs less and weighs more, and passes over what does not fit', () => {
    expect(choose([sentence([0], 10), sentence([0], 5)], words(), 10)).to.deep.equal([1]);
    expect(choose([sentence([1]), sentence([1], 10, 2)], words(), 10)).to.deep.equal([1]);
    expect(choose([sentence([0], 40), sentence([2], 5)], words(), 30)).to.deep.equal([1]);
    // Less than twice the weight for four times the cost: what is long is not taken for its length.
    expect(choose([sentence([0, 1], 40), sentence([0], 10)], words(), 40)).to.deep.equal([1]);
  });

  it('gives each part of the time its share, and more only to what is worth it', () => {
    const equal = (part: number) => ({ words: [3], weight: 1, cost: 10, part });
    const told = (chosen: readonly number[], first: number) => chosen.filter((i) => i < first).length;
    const many = [...Array.from({ length: 10 }, () => equal(0)), ...Array.from({ length: 10 }, () => equal(1))];
    expect(told(choose(many, words(), 80, 2), 10)).to.equal(5);
    const timeless = many.map(({ words, weight, cost }) => ({ words, weight, cost }));
    expect(told(choose(timeless, words(), 80), 10)).to.equal(8);
    const better = many.map((one) => ({ ...one, weight: one.part === 0 ? 4 : 1 }));
    expect(told(choose(better, words(), 80, 2), 10)).to.equal(8);
  });

  it('takes nothing that tells nothing, and leaves no trace in what it was given', () => {
    const given = words();
    expect(choose([sentence([]), sentence([7]), sentence([2], 10, 0)], given, 100)).to.deep.equal([]);
    choose([sentence([0, 0, 1])], given, 100);
    expect(given).to.deep.equal(words());
  });
});
