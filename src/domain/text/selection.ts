/** Selects sentences under a budget: the most informative for their length, without repeating each other. */

export type Candidate = Readonly<{
  /** Word ids of the lexicon, repetitions included. */
  words: readonly number[];
  /** A factor on the summed weights of the words. */
  weight: number;
  /** What selecting it takes of the limit, in the limit's unit; positive. */
  cost: number;
}>;

/** How strongly cost counts against a sentence: 0 not at all, 1 in proportion (`r` in Lin & Bilmes 2010). */
const LENGTH_EXPONENT = 0.6;
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

/** The marginal gain of a candidate beyond what is already selected, in proportion to its scaled cost. */
function gainOf(candidate: Candidate, { weights, novelty }: WordWeights): number {
  let sum = 0;
  // Words that were read after the weights were computed, such as those of a stub's text, have none.
  for (const id of candidate.words) sum += (weights[id] ?? 0) * (novelty[id] ?? 0);
  return (candidate.weight * sum) / candidate.cost ** LENGTH_EXPONENT;
}

/** Lowers the novelty of the candidate's words, once per mention. */
function discount(candidate: Candidate, { novelty, repeatFactor }: WordWeights): void {
  for (const id of candidate.words) novelty[id]! *= repeatFactor[id] ?? 1;
}

/**
 * Selects candidates whose costs add up to at most `limit`. Returns their indices, roughly by descending gain.
 *
 * The objective is maximal marginal relevance (Carbonell & Goldstein 1998) with novelty counted by word. It is
 * submodular, so a greedy choice by descending thresholds (Badanidiyuru & Vondrák 2014) comes close to plain greedy in
 * a fixed number of passes: the work is linear in the number of words. Deterministic.
 */
export function choose(candidates: readonly Candidate[], words: WordWeights, limit: number): readonly number[] {
  // Gains only fall as the selection grows, so the last computed gain is an upper bound of the current one.
  const bounds = candidates.map((candidate) => gainOf(candidate, words));
  const chosen: number[] = [];
  let left = limit;
  let threshold = bounds.reduce((most, gain) => Math.max(most, gain), 0);
  for (let pass = 0; pass < PASSES && threshold > 0; pass++, threshold *= PASS_FACTOR) {
    for (const [i, candidate] of candidates.entries()) {
      if (bounds[i]! < threshold || candidate.cost > left) continue;
      bounds[i] = gainOf(candidate, words);
      if (bounds[i] < threshold) continue;
      chosen.push(i);
      bounds[i] = 0;
      left -= candidate.cost;
      discount(candidate, words);
    }
  }
  for (const i of chosen) for (const id of candidates[i]!.words) words.novelty[id] = 1;
  return chosen;
}
