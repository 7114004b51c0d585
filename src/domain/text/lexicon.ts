/** Word statistics of a window: the number of sentences that contain each word, and whether it looks like a name. */
import { characterKind, DIGIT, LETTER, lowerCase, OTHER, UNSPACED, UPPER } from './characters.ts';
import { isStopWord } from './stop-words.ts';
import { finishedHash, HASH_START, hashStep } from './word-hash.ts';

const APOSTROPHE = 39;
const TYPOGRAPHIC_APOSTROPHE = 0x2019;
const SMALL_S = 115;
/** A longer run of letters is split into several words, so that no input produces a word of unbounded length. */
const WORD_MAX_CHARACTERS = 32;

/**
 * A mutable table of words. Every array is indexed by word id, and ids are assigned in order of first occurrence:
 * parallel arrays of numbers keep reading a sentence free of allocations.
 */
export type Lexicon = {
  /** Word ids by `hashOf` of the word in lower case. */
  readonly idByHash: Map<number, number>;
  /** The number of sentences that contain the word. */
  readonly sentences: number[];
  /** Occurrences with a capital that are not the first word of a sentence. */
  readonly capitalised: number[];
  /** Occurrences without a capital. */
  readonly lower: number[];
  /** Whether the word contains a digit. */
  readonly numeric: boolean[];
  readonly stop: boolean[];
  /** The first spelling that was read, replaced by the first capitalised spelling within a sentence. */
  readonly spelling: string[];
  /** The number of the last sentence that counted the word, so that a sentence counts each word once; -1 at first. */
  readonly countedIn: number[];
  /** The number of sentences read. */
  total: number;
};

export function emptyLexicon(): Lexicon {
  return {
    idByHash: new Map(),
    sentences: [],
    capitalised: [],
    lower: [],
    numeric: [],
    stop: [],
    spelling: [],
    countedIn: [],
    total: 0,
  };
}

function newWord(lexicon: Lexicon, hash: number, written: string): number {
  const id = lexicon.sentences.length;
  lexicon.idByHash.set(hash, id);
  lexicon.sentences.push(0);
  lexicon.capitalised.push(0);
  lexicon.lower.push(0);
  lexicon.numeric.push(/\p{Nd}/u.test(written));
  lexicon.stop.push(isStopWord(hash));
  lexicon.spelling.push(written);
  lexicon.countedIn.push(-1);
  return id;
}

/** Returns the end of the word that begins at `start`. Apostrophes join letters; dots and commas join digits. */
function wordEnd(text: string, start: number, end: number): number {
  const limit = Math.min(end, start + WORD_MAX_CHARACTERS);
  let i = start + 1;
  while (i < limit) {
    const code = text.charCodeAt(i);
    const kind = characterKind(code);
    if (kind === UNSPACED || (kind === OTHER && !joins(text, i, limit, code))) break;
    i++;
  }
  return i;
}

function joins(text: string, index: number, limit: number, code: number): boolean {
  if (index + 1 >= limit) return false;
  const next = characterKind(text.charCodeAt(index + 1));
  if (code === APOSTROPHE || code === TYPOGRAPHIC_APOSTROPHE) return next === LETTER || next === UPPER;
  if (code !== 44 && code !== 46) return false;
  return next === DIGIT && characterKind(text.charCodeAt(index - 1)) === DIGIT;
}

/** Returns the word's end without a possessive "'s", so that "Grog's" counts as "Grog". */
function stemEnd(text: string, start: number, end: number): number {
  // Setting bit 5 folds ASCII upper case to lower case.
  if (end - start < 3 || (text.charCodeAt(end - 1) | 32) !== SMALL_S) return end;
  const mark = text.charCodeAt(end - 2);
  return mark === APOSTROPHE || mark === TYPOGRAPHIC_APOSTROPHE ? end - 2 : end;
}

/** Hashes a span as `hashOf` would hash it in lower case, with both apostrophes equal, without creating a string. */
function hashBetween(text: string, start: number, end: number): number {
  let hash = HASH_START;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    const kind = characterKind(code);
    hash = hashStep(hash, code === TYPOGRAPHIC_APOSTROPHE ? APOSTROPHE : kind === UPPER ? lowerCase(code) : code);
  }
  return finishedHash(hash);
}

function wordId(lexicon: Lexicon, text: string, start: number, end: number): number {
  const hash = hashBetween(text, start, end);
  return lexicon.idByHash.get(hash) ?? newWord(lexicon, hash, text.slice(start, end));
}

/**
 * Records one occurrence of the word in `start..end` and returns its id. `opening`: the word is the first of its
 * sentence, where a capital says nothing about names.
 */
function readWord(lexicon: Lexicon, text: string, start: number, end: number, opening: boolean): number {
  const id = wordId(lexicon, text, start, end);
  if (characterKind(text.charCodeAt(start)) === UPPER) {
    if (!opening && lexicon.capitalised[id]!++ === 0) lexicon.spelling[id] = text.slice(start, end);
  } else lexicon.lower[id]!++;
  return id;
}

/** Counts a sentence once for each distinct word in it. */
function count(lexicon: Lexicon, ids: readonly number[]): void {
  const sentence = lexicon.total++;
  for (const id of ids) {
    if (lexicon.countedIn[id] === sentence) continue;
    lexicon.countedIn[id] = sentence;
    lexicon.sentences[id]!++;
  }
}

/** Returns the end of the word at `start`. In scripts without spaces, each pair of characters is a word. */
function endOfWord(text: string, start: number, end: number, kind: number): number {
  if (kind !== UNSPACED) return wordEnd(text, start, end);
  const paired = start + 1 < end && characterKind(text.charCodeAt(start + 1)) === UNSPACED;
  return paired ? start + 2 : start + 1;
}

/**
 * Adds the words of the sentence in `start..end` to the lexicon, in one pass. Returns their ids in order, stop words
 * and repetitions included.
 */
export function readSentence(lexicon: Lexicon, text: string, start: number, end: number): readonly number[] {
  const ids: number[] = [];
  for (let i = start; i < end; ) {
    const kind = characterKind(text.charCodeAt(i));
    if (kind === OTHER) {
      i++;
      continue;
    }
    const stop = endOfWord(text, i, end, kind);
    ids.push(readWord(lexicon, text, i, stemEnd(text, i, stop), ids.length === 0));
    // Pairs overlap, as is usual for bigrams of unsegmented text: "ABC" yields "AB" and "BC".
    i = kind === UNSPACED && stop - i === 2 ? i + 1 : stop;
  }
  count(lexicon, ids);
  return ids;
}

/** Whether a word is a name: within sentences it has a capital more often than not, and it is no stop word. */
export function isName(lexicon: Lexicon, id: number): boolean {
  const capitalised = lexicon.capitalised[id]!;
  return capitalised > 0 && capitalised > lexicon.lower[id]! && !lexicon.stop[id];
}
