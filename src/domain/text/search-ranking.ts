/** Which texts a query is met by, where in them, and in which order they are told. */
import type { Clause, SearchQuery } from './search-query.ts';
import { type Term, termsOf } from './search-terms.ts';
import type { Span } from './sentences.ts';

/** `all` clauses must occur in a text, or `any` of them. */
export type MatchMode = 'all' | 'any';

/** How a text meets a query. */
export type TextMatch = Readonly<{
  /** How often each clause occurs; the beginning of a longer word counts less. */
  counts: readonly number[];
  /** The number of terms of the text. */
  length: number;
  /** Where clauses occur, in order: the first ones of each. */
  spans: readonly Span[];
}>;

const SPANS_PER_CLAUSE = 20;
const PREFIX_WEIGHT = 0.5;

/** How much one more occurrence counts, and how much a long text is held against them: the usual ones of BM25. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;

/** Returns how a text meets a query; null where it does not. */
export function matchOf(query: SearchQuery, text: string, mode: MatchMode): TextMatch | null {
  const terms = termsOf(text);
  const found = query.map((clause) => occurrencesOf(clause, terms));
  const met = found.filter(({ spans }) => spans.length > 0).length;
  if (met === 0 || (mode === 'all' && met < query.length)) return null;
  const spans = found.flatMap((one) => one.spans).toSorted((a, b) => a.start - b.start);
  return { counts: found.map(({ count }) => count), length: terms.length, spans };
}

function occurrencesOf(clause: Clause, terms: readonly Term[]): Readonly<{ count: number; spans: readonly Span[] }> {
  const spans: Span[] = [];
  let count = 0;
  for (let at = 0; at + clause.terms.length <= terms.length; at++) {
    const weight = weightAt(clause, terms, at);
    if (weight === 0) continue;
    count += weight;
    const last = terms[at + clause.terms.length - 1] as Term;
    if (spans.length < SPANS_PER_CLAUSE) spans.push({ start: (terms[at] as Term).start, end: last.end });
  }
  return { count, spans };
}

/** What an occurrence at a place counts; 0 where the clause does not stand there. */
function weightAt({ terms: sought, prefix }: Clause, terms: readonly Term[], at: number): number {
  const last = sought.length - 1;
  for (let i = 0; i < last; i++) if (terms[at + i]?.term !== sought[i]) return 0;
  const [found, wanted] = [terms[at + last]?.term ?? '', sought[last] as string];
  if (found === wanted) return 1;
  return prefix && found.startsWith(wanted) ? PREFIX_WEIGHT : 0;
}

/**
 * How well each text meets the query, by BM25. What is rare is judged among these texts alone: nothing that others
 * wrote can be told from it.
 */
export function scoresOf(matches: readonly TextMatch[]): readonly number[] {
  const clauses = matches[0]?.counts ?? [];
  const weights = clauses.map((_, clause) => rarity(matches, clause));
  const meanLength = matches.reduce((sum, { length }) => sum + length, 0) / Math.max(1, matches.length);
  return matches.map(({ counts, length }) => {
    const norm = SATURATION * (1 - LENGTH_SHARE + (LENGTH_SHARE * length) / Math.max(1, meanLength));
    return counts.reduce((sum, count, i) => sum + ((weights[i] as number) * count) / (count + norm), 0);
  });
}

function rarity(matches: readonly TextMatch[], clause: number): number {
  const having = matches.filter(({ counts }) => (counts[clause] as number) > 0).length;
  return Math.log(1 + (matches.length - having + 0.5) / (having + 0.5));
}
