/** The terms by which passages are found: stems of the words that say something, and whole names of headings. */
import { type Term, termsOf } from '#domain/text/search-terms.ts';
import { stemOf } from '#domain/text/stem.ts';
import { isStopWord } from '#domain/text/stop-words.ts';
import { hashOf } from '#domain/text/word-hash.ts';

/** What splitting leaves of "don't", "you're", "we'll"; as single letters, it says nothing. */
const HALVES = new Set([
  'don',
  'doesn',
  'didn',
  'isn',
  'aren',
  'wasn',
  'weren',
  'hasn',
  'haven',
  'hadn',
  've',
  'll',
  're',
]);
const LETTER_ALONE = /^[a-z]$/;
/** Before the name of a heading; no word has it. */
export const NAME_MARK = '=';
/** A longer heading is a sentence rather than a name. */
const NAME_MAX_TERMS = 12;

const BETWEEN_HEADINGS = ' > ';

/** How often a term stands in the headings over a passage, and in its text. */
type TermCount = { heading: number; body: number };

/** What the index keeps of a passage. `length` is the number of terms in headings and text together. */
export type IndexedPassage = Readonly<{ length: number; counts: ReadonlyMap<string, TermCount> }>;

/** The stems of a text in order, without stop words. */
function stemsOf(text: string): readonly string[] {
  return termsOf(text)
    .filter((term) => !saysNothing(term, text))
    .map(({ term }) => stemOf(term));
}

/** Whether a term of a text says nothing by itself. */
export function saysNothing({ term, start, end }: Term, text: string): boolean {
  return LETTER_ALONE.test(term) || HALVES.has(term) || isStopWord(hashOf(text.slice(start, end).toLowerCase()));
}

/** The term of a heading's name, however it is written; undefined where it is none. Stop words belong to a name. */
export function nameOf(heading: string): string | undefined {
  const stems = termsOf(heading).map(({ term }) => stemOf(term));
  return stems.length === 0 || stems.length > NAME_MAX_TERMS ? undefined : NAME_MARK + stems.join(' ');
}

/**
 * Returns what the index keeps of a passage. The name of its own heading is a term, and so is the whole path: whoever
 * asks for exactly that finds it first.
 */
export function indexedPassage({ headingPath, text }: Readonly<{ headingPath: string; text: string }>): IndexedPassage {
  const counts = new Map<string, TermCount>();
  const headings = stemsOf(headingPath);
  const body = stemsOf(text);
  for (const stem of headings) countOf(counts, stem).heading += 1;
  for (const stem of body) countOf(counts, stem).body += 1;
  for (const name of namesOf(headingPath)) countOf(counts, name).heading = 1;
  return { length: headings.length + body.length, counts };
}

function countOf(counts: Map<string, TermCount>, term: string): TermCount {
  const known = counts.get(term);
  if (known !== undefined) return known;
  const count = { heading: 0, body: 0 };
  counts.set(term, count);
  return count;
}

function namesOf(headingPath: string): readonly string[] {
  const own = headingPath.slice(headingPath.lastIndexOf(BETWEEN_HEADINGS) + 1);
  return [own, headingPath].map(nameOf).filter((name) => name !== undefined);
}
