/** Decides whether passages can answer a question at all. */
import { termsOf } from '#domain/text/search-terms.ts';
import { withoutInflection } from '#domain/text/stem.ts';
import type { WeighedWord } from '../finding/ranking.ts';

type Told = Readonly<{ headingPath: string; text: string }>;

/**
 * The share of a question that a passage must have, for a question of one word; for `n` words, that divided by the
 * square root of `n`: the longer it is, the more of it is told in other words. Chosen on the questions of
 * `bench/finding/*-tuning.jsonl`, which are not those that are measured.
 */
const COVERAGE_MIN = 0.675;

/** The words of a text without inflection. */
export function basesOf(text: string): ReadonlySet<string> {
  return new Set(termsOf(text).map(({ term }) => withoutInflection(term)));
}

/** Whether one of the passages has enough of the question. A name that stands nowhere counts against all of them. */
export function isAnsweredBy(passages: readonly Told[], words: readonly WeighedWord[]): boolean {
  const total = sumOf(words);
  const strange = sumOf(words.filter(({ isName, isKnown }) => isName && !isKnown));
  const needed = strange + (total * COVERAGE_MIN) / Math.sqrt(words.length);
  return passages.some(({ headingPath, text }) => {
    const bases = basesOf(`${headingPath} ${text}`);
    return total > 0 && sumOf(words.filter(({ base }) => bases.has(base))) >= needed;
  });
}

function sumOf(words: readonly WeighedWord[]): number {
  return words.reduce((sum, { weight }) => sum + weight, 0);
}
