/** One order out of two: by the words of a question, and by what it means. */
import { placeOf, type Ranked } from './ranking.ts';

export const FUSIONS = ['minmax', 'rrf'] as const;
export type Fusion = (typeof FUSIONS)[number];

/** How much the first places count for more than the next, by reciprocal ranks: the usual one. */
const RANK_OFFSET = 60;

/**
 * Passages of two orders in one, the best first. `minmax`: by the mean of their scores, each from 0 to 1 between the
 * least and the best of its order; `rrf`: by the sum of the reciprocals of their ranks. What an order has not counts
 * nothing there. Of `exact` ones, those that the order by words has come first, as it has them.
 */
export function fusedRanking(
  byWords: readonly Ranked[],
  byMeaning: readonly Ranked[],
  { fusion, exact }: Readonly<{ fusion: Fusion; exact: ReadonlySet<string> }>,
): readonly Ranked[] {
  const isExact = (one: Ranked) => exact.has(placeOf(one));
  const scored = fusion === 'rrf' ? byReciprocalRanks : withinBounds;
  const fused = new Map<string, Ranked>();
  for (const order of [byWords, byMeaning])
    for (const one of scored(order.filter((passage) => !isExact(passage)))) {
      const score = (fused.get(placeOf(one))?.score ?? 0) + one.score / 2;
      fused.set(placeOf(one), { ...one, score });
    }
  const rest = [...fused.values()].sort((a, b) => b.score - a.score || a.key - b.key || a.ordinal - b.ordinal);
  return [...byWords.filter(isExact), ...rest];
}

function byReciprocalRanks(order: readonly Ranked[]): readonly Ranked[] {
  return order.map((one, place) => ({ ...one, score: 1 / (RANK_OFFSET + place + 1) }));
}

function withinBounds(order: readonly Ranked[]): readonly Ranked[] {
  const [best, least] = [order[0]?.score ?? 0, order.at(-1)?.score ?? 0];
  return order.map((one) => ({ ...one, score: best === least ? 1 : (one.score - least) / (best - least) }));
}
