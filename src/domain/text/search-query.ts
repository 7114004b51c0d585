/** What somebody types to search, read as clauses. There is nothing that cannot be read, and no syntax to get wrong. */
import { isUnspacedTerm, type Term, termsOf } from './search-terms.ts';

/** Terms that must follow each other in a text. With `prefix` the last of them may be the beginning of a term. */
export type Clause = Readonly<{ terms: readonly string[]; prefix: boolean }>;

/** Empty where there is no letter and no digit in it. */
export type SearchQuery = readonly Clause[];

/** A longer one may be unfinished: shorter ones would begin too many words. */
const PREFIX_MIN_CHARACTERS = 3;

/** What stands in quotes, or a run without white space. A quote without its partner is white space. */
const PARTS = /["“”„«»]([^"“”„«»]*)["“”„«»]|[^\s"“”„«»]+/gu;

/**
 * Reads a query. Each word is a clause, and so is what stands in quotes. A last word that nothing ends is taken for the
 * beginning of one.
 */
export function searchQuery(text: string): SearchQuery {
  const parts = [...text.matchAll(PARTS)];
  return parts.flatMap(([whole, quoted], index) => {
    const mayGoOn = quoted === undefined && index === parts.length - 1 && text.endsWith(whole);
    const clause = clauseOf(quoted ?? whole, mayGoOn);
    return clause === null ? [] : [clause];
  });
}

function clauseOf(text: string, mayGoOn: boolean): Clause | null {
  const terms = termsOf(text);
  const [last, before] = [terms.at(-1), terms.at(-2)];
  if (last === undefined) return null;
  if (!isUnspacedTerm(last)) return { terms: terms.map(termOf), prefix: mayGoOn && isLong(last) };
  // The last character of a run: in the text others may follow it, and the pair before it says all.
  const isInPair = before !== undefined && before.end > last.start;
  return isInPair
    ? { terms: terms.slice(0, -1).map(termOf), prefix: false }
    : { terms: terms.map(termOf), prefix: true };
}

function isLong({ term }: Term): boolean {
  return term.length >= PREFIX_MIN_CHARACTERS;
}

function termOf({ term }: Term): string {
  return term;
}
