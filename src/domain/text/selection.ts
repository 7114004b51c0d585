/** Chooses the sentences that together tell most for their length, and not the same thing twice. */

export type Candidate = Readonly<{
  words: readonly number[];
  /** By what the weight of its words is multiplied. */
  weight: number;
  /** What choosing it costs, in the unit of the limit; positive. */
  cost: number;
}>;

/** How strongly length counts against a sentence: 0 not at all, 1 in proportion. */
const LENGTH_EXPONENT = 0.6;
const PASSES = 16;
const PASS_FACTOR = 0.75;

/** By word id: how much a word tells, and what share of that it still tells each time it is told again. */
export type WordWeights = Readonly<{
  weights: Float64Array;
  repeatFactor: Float64Array;
  /** Scratch space; all ones between two uses. */
  novelty: Float64Array;
}>;

/** How much a candidate tells beyond what was told, for its length. */
function gainOf(candidate: Candidate, { weights, novelty }: WordWeights): number {
  let sum = 0;
  // A word that was read after the weights were made (of a stub's own text) has none.
  for (const id of candidate.words) sum += (weights[id] ?? 0) * (novelty[id] ?? 0);
  return (candidate.weight * sum) / candidate.cost ** LENGTH_EXPONENT;
}

function tell(candidate: Candidate, { novelty, repeatFactor }: WordWeights): void {
  for (const id of candidate.words) novelty[id]! *= repeatFactor[id] ?? 1;
}

/**
 * The indices of the chosen candidates, the most telling first; their costs add up to at most the limit.
 * Maximal marginal relevance (Carbonell & Goldstein 1998) with novelty counted by word, chosen by descending
 * thresholds (Badanidiyuru & Vondrák 2014): a fixed number of passes, so the work is linear in the words.
 */
export function choose(candidates: readonly Candidate[], words: WordWeights, limit: number): readonly number[] {
  // Gains only fall as more is told, so the last one computed bounds the present one.
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
      tell(candidate, words);
    }
  }
  for (const i of chosen) for (const id of candidates[i]!.words) words.novelty[id] = 1;
  return chosen;
}
