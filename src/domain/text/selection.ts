/** Selects sentences under a budget: the most informative for their length, without repeating each other. */

export type Candidate = Readonly<{
  /** Word ids of the lexicon, repetitions included. */
  words: readonly number[];
  /** A factor on the summed weights of the words. */
  weight: number;
  /** What selecting it takes of the limit, in the limit's unit; positive. */
  cost: number;
  /** The part of the time that it is from, from 0; the first where none is given. */
  part?: number;
}>;

/** How strongly cost counts against a sentence: 0 not at all, 1 in proportion (`r` in Lin & Bilmes 2010). */
const LENGTH_EXPONENT = 0.5;
/** How fast gains fall in a part of the time that has more than its share of the limit. */
const SHARE_EXPONENT = 0.5;
/** Each pass lowers the threshold by this factor; after 16 passes it is about 1 % of the greatest gain. */
const PASS_FACTOR = 0.75;
const PASSES = 16;

/** Weights by word id. */
export type WordWeights = Readonly<{
  /** How informative the first mention of a word is. */
  weights: Float64Array;
  /** The factor that each further mention puts on a word's weight, from 0 to 1. */
  repeatFactor: Float64Array;
  /** Scratch space of `choose`: the share of its weight that a word still has. All ones between two calls. */
  novelty: Float64Array;
}>;

/** The summed weights of a candidate's words beyond what is already selected. */
function newsOf(candidate: Candidate, { weights, novelty }: WordWeights): number {
  let sum = 0;
  // Words that were read after the weights were computed, such as those of a stub's text, have none.
  for (const id of candidate.words) sum += (weights[id] ?? 0) * (novelty[id] ?? 0);
  return candidate.weight * sum;
}

/**
 * Selects candidates whose costs add up to at most `limit`. Returns their indices, roughly by descending gain. `parts`
 * is the number of parts of the time, each of which has an equal share of the limit, and can take more at a discount:
 * what is old does not keep out what is new, and the other way round.
 *
 * The objective is maximal marginal relevance (Carbonell & Goldstein 1998) with novelty counted by word. Gains only
 * fall as the selection grows, so a greedy choice by descending thresholds (Badanidiyuru & Vondrák 2014) comes close to
 * plain greedy in a fixed number of passes: the work is linear in the number of words. Deterministic.
 */
export function choose(
  candidates: readonly Candidate[],
  words: WordWeights,
  limit: number,
  parts = 1,
): readonly number[] {
  const scaledCosts = candidates.map(({ cost }) => cost ** LENGTH_EXPONENT);
  const share = limit / parts;
  const taken = new Float64Array(parts);
  const discounts = new Float64Array(parts).fill(1);
  const gainOf = (candidate: Candidate, i: number) =>
    (newsOf(candidate, words) * discounts[candidate.part ?? 0]!) / scaledCosts[i]!;
  const take = ({ part = 0, cost, words: ids }: Candidate) => {
    taken[part]! += cost;
    discounts[part] = Math.max(1, taken[part]! / share) ** -SHARE_EXPONENT;
    for (const id of ids) words.novelty[id]! *= words.repeatFactor[id] ?? 1;
  };
  // The last computed gain is an upper bound of the current one.
  const bounds = candidates.map(gainOf);
  const chosen: number[] = [];
  let left = limit;
  let threshold = bounds.reduce((most, gain) => Math.max(most, gain), 0);
  for (let pass = 0; pass < PASSES && threshold > 0; pass++, threshold *= PASS_FACTOR) {
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i]!;
      if (bounds[i]! < threshold || candidate.cost > left) continue;
      bounds[i] = gainOf(candidate, i);
      if (bounds[i]! < threshold) continue;
      chosen.push(i);
      bounds[i] = 0;
      left -= candidate.cost;
      take(candidate);
    }
  }
  for (const i of chosen) for (const id of candidates[i]!.words) words.novelty[id] = 1;
  return chosen;
}
