/** Collects names and subjects for the index line of a summary: what the messages mention and the summary does not. */
import { isName, type Lexicon } from '#domain/text/lexicon.ts';
import { hashOf } from '#domain/text/word-hash.ts';
import type { Sentence } from './passages.ts';
import { indexLine, type SummaryText } from './summary-text.ts';
import type { TextIndex } from './text-index.ts';

/** `id` is the word's id in the lexicon, or `NOT_READ`. */
type Topic = Readonly<{ id: number; text: string }>;
/** Both lists are in order of precedence. */
export type Topics = Readonly<{ names: readonly Topic[]; subjects: readonly Topic[] }>;

/** The share of the index that subjects may take; names may take the rest. */
const SUBJECTS_SHARE = 0.2;
/** A name that occurs only once is rarely searched for. */
const NAME_MIN_COUNT = 2;
const SUBJECT_MIN_CHARACTERS = 4;
const MAX_SUBJECTS = 40;
/** The id of a word that occurs in an older index only, and in no sentence of the window. */
const NOT_READ = -1;

/** The number of occurrences of each word, in order of first occurrence. */
function countWords(sentences: readonly Sentence[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const sentence of sentences) for (const id of sentence.words) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/**
 * Adds the words of an older index to the counts, often enough to be listed again. Returns those that cannot be found
 * by counting, because they are not in the lexicon or are no topics in it.
 */
function countOlder(
  counts: Map<number, number>,
  words: readonly string[],
  lexicon: Lexicon,
  isTopic: (lexicon: Lexicon, id: number) => boolean,
): readonly Topic[] {
  return words.flatMap((text) => {
    const id = lexicon.idByHash.get(hashOf(text.toLowerCase())) ?? NOT_READ;
    if (id !== NOT_READ) counts.set(id, (counts.get(id) ?? 0) + NAME_MIN_COUNT);
    return id === NOT_READ || !isTopic(lexicon, id) ? [{ id, text }] : [];
  });
}

/** Whether a word can be a subject: an ordinary word of some length in more than one sentence. */
function isSubject(lexicon: Lexicon, id: number): boolean {
  if (lexicon.stop[id] || lexicon.numeric[id] || isName(lexicon, id)) return false;
  return lexicon.sentences[id]! > 1 && lexicon.spelling[id]!.length >= SUBJECT_MIN_CHARACTERS;
}

/**
 * Returns the names of the sentences by descending count and their subjects by descending weight, together with what
 * the indexes of older summaries list: an index outlives the messages that it was made from.
 */
export function topicsOf(sentences: readonly Sentence[], textIndex: TextIndex, older: readonly SummaryText[]): Topics {
  const { lexicon, words } = textIndex;
  const counts = countWords(sentences);
  const olderNames = countOlder(
    counts,
    older.flatMap((summary) => summary.names),
    lexicon,
    isName,
  );
  const olderSubjects = countOlder(
    counts,
    older.flatMap((summary) => summary.subjects),
    lexicon,
    isSubject,
  );
  const topic = (id: number): Topic => ({ id, text: lexicon.spelling[id]! });
  const names = [...counts.keys()].filter((id) => isName(lexicon, id) && counts.get(id)! >= NAME_MIN_COUNT);
  const subjects = [...counts.keys()].filter((id) => isSubject(lexicon, id));
  const weight = (id: number) => counts.get(id)! * (words.weights[id] ?? 0);
  return {
    names: [...names.toSorted((a, b) => counts.get(b)! - counts.get(a)!).map(topic), ...olderNames],
    subjects: [
      ...subjects
        .toSorted((a, b) => weight(b) - weight(a))
        .slice(0, MAX_SUBJECTS)
        .map(topic),
      ...olderSubjects,
    ],
  };
}

/** The topics that are not covered yet, in order, as far as they fit into `length` characters with their separators. */
function fitting(topics: readonly Topic[], covered: ReadonlySet<number>, length: number): readonly string[] {
  let left = length;
  const words: string[] = [];
  for (const { id, text } of topics) {
    if (covered.has(id) || text.length + 2 > left) continue;
    left -= text.length + 2;
    words.push(text);
  }
  return words;
}

/**
 * Returns the index line, at most `length` characters, of what the chosen sentences do not mention; null if nothing
 * fits.
 */
export function indexLineOf(topics: Topics, chosen: readonly Sentence[], length: number): string | null {
  const covered = new Set(chosen.flatMap((sentence) => sentence.words));
  const room = length - indexLine([], []).length - 3;
  const names = fitting(topics.names, covered, room * (1 - SUBJECTS_SHARE));
  const subjects = fitting(topics.subjects, covered, room * SUBJECTS_SHARE);
  return names.length + subjects.length === 0 ? null : indexLine(names, subjects);
}
