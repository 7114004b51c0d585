/** Collects names and subjects for the index line of a summary: what the messages mention and the summary does not. */
import { capitalsMarkNames, isName, isUnspaced, type Lexicon } from '#domain/text/lexicon.ts';
import { hashOf } from '#domain/text/word-hash.ts';
import type { Sentence } from './passages.ts';
import { indexLine, type SummaryText } from './summary-text.ts';
import type { TextIndex } from './text-index.ts';

/** `id` is the word's id in the lexicon, or `NOT_READ`; `form` is equal for all forms of a word. */
type Topic = Readonly<{ id: number; text: string; form: string }>;
/** Both lists are in order of precedence. */
export type Topics = Readonly<{ names: readonly Topic[]; subjects: readonly Topic[] }>;

/** The share of the index that subjects may take; names may take the rest. */
const SUBJECTS_SHARE = 0.2;
/** What an older index lists counts as often as this. */
const OLDER_COUNT = 2;
const SUBJECT_MIN_CHARACTERS = 4;
const UNSPACED_SUBJECT_MIN_CHARACTERS = 2;
const MAX_SUBJECTS = 40;
/** What makes no word of a pair of characters of an unspaced script: grammar, emoji, and halves of characters. */
const NO_WORD = /\p{Script=Hiragana}|\P{L}/u;
/** The id of a word that occurs in an older index only, and in no sentence of the window. */
const NOT_READ = -1;
/** The shortest word, with its separator. */
const LEAST_TOPIC = 3;
/** Endings that make no other word of one: possessives, the English plural, Korean particles. */
const ENDINGS = /(?:['’]s?|(?<=\p{Script=Latin}{3})s|(?<=\p{Script=Hangul}{2})[이가을를은는의에도와과로])$/u;

/** The form is the word without case, possessive and plural. */
function topic(id: number, text: string): Topic {
  return { id, text, form: text.toLowerCase().replace(ENDINGS, '') };
}

/** The number of occurrences of each word, in order of first occurrence. */
function countWords(sentences: readonly Sentence[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { structured, words } of sentences) {
    if (structured) continue;
    for (const id of words) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
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
    if (id !== NOT_READ) counts.set(id, (counts.get(id) ?? 0) + OLDER_COUNT);
    return id === NOT_READ || !isTopic(lexicon, id) ? [topic(id, text)] : [];
  });
}

/**
 * Whether a word can be a subject: an ordinary word of some length in more than one sentence. Where capitals mark
 * nouns and not names, it is a noun.
 */
function isSubject(lexicon: Lexicon, id: number): boolean {
  if (lexicon.stop[id] || lexicon.weak[id] || lexicon.numeric[id] || isName(lexicon, id) || lexicon.sentences[id]! < 2)
    return false;
  const { length } = lexicon.spelling[id]!;
  if (isUnspaced(lexicon, id)) return length >= UNSPACED_SUBJECT_MIN_CHARACTERS && !NO_WORD.test(lexicon.spelling[id]!);
  const isNoun = capitalsMarkNames(lexicon) || lexicon.capitalised[id]! > lexicon.lower[id]!;
  return length >= SUBJECT_MIN_CHARACTERS && isNoun;
}

/**
 * Returns the names of the sentences by descending count and their subjects by frequency times rarity, less what is
 * always spoken of, together with what the indexes of older summaries list: an index outlives the messages that it was
 * made from.
 */
export function topicsOf(sentences: readonly Sentence[], textIndex: TextIndex, older: readonly SummaryText[]): Topics {
  const { lexicon, familiarity } = textIndex;
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
  const listed = (id: number) => topic(id, lexicon.spelling[id]!);
  const names = [...counts.keys()].filter((id) => isName(lexicon, id));
  const subjects = [...counts.keys()].filter((id) => isSubject(lexicon, id));
  const weight = (id: number) =>
    counts.get(id)! * familiarity[id]! * Math.log((1 + lexicon.total) / (0.5 + lexicon.sentences[id]!));
  return {
    names: [...names.toSorted((a, b) => counts.get(b)! - counts.get(a)!).map(listed), ...olderNames],
    subjects: [
      ...subjects
        .toSorted((a, b) => weight(b) - weight(a))
        .slice(0, MAX_SUBJECTS)
        .map(listed),
      ...olderSubjects,
    ],
  };
}

/** Whether two words of an unspaced script may be parts of one: the end of either is the beginning of the other. */
function overlaps(one: string, other: string): boolean {
  return one.at(-1) === other[0] || one[0] === other.at(-1);
}

/** Collects topics that are not listed or covered yet, in order, as far as they fit. */
class Listing {
  readonly #forms = new Set<string>();
  readonly #covered: ReadonlySet<number>;
  readonly #lexicon: Lexicon;

  /** `covered` are the ids of words that need not be listed. */
  constructor(covered: ReadonlySet<number>, lexicon: Lexicon) {
    this.#covered = covered;
    this.#lexicon = lexicon;
  }

  /** Returns what of the topics fits into `length` characters with separators. */
  take(topics: readonly Topic[], length: number): readonly string[] {
    let left = length;
    const words: string[] = [];
    for (const { id, text, form } of topics) {
      if (left < LEAST_TOPIC) break;
      if (text.length + 2 > left || this.#isKnown(form) || this.#isPartOf(id, text, words)) continue;
      left -= text.length + 2;
      words.push(text);
      this.#forms.add(form);
    }
    return words;
  }

  /** Whether a word of this form is listed or covered already. The plural is the form that is most often covered. */
  #isKnown(form: string): boolean {
    const isCovered = (word: string) => this.#covered.has(this.#lexicon.idByHash.get(hashOf(word)) ?? NOT_READ);
    return this.#forms.has(form) || isCovered(form) || isCovered(`${form}s`);
  }

  #isPartOf(id: number, text: string, words: readonly string[]): boolean {
    return id !== NOT_READ && isUnspaced(this.#lexicon, id) && words.some((word) => overlaps(word, text));
  }
}

/**
 * Returns the index line, at most `length` characters, of what the chosen sentences do not mention; null if nothing
 * fits. No word is in it twice, in any form.
 */
export function indexLineOf(
  topics: Topics,
  chosen: readonly Sentence[],
  lexicon: Lexicon,
  length: number,
): string | null {
  const covered = new Set<number>();
  for (const { words } of chosen) for (const id of words) covered.add(id);
  const room = length - indexLine([], []).length - 3;
  const listing = new Listing(covered, lexicon);
  const names = listing.take(topics.names, room * (1 - SUBJECTS_SHARE));
  const subjects = listing.take(topics.subjects, room * SUBJECTS_SHARE);
  return names.length + subjects.length === 0 ? null : indexLine(names, subjects);
}
