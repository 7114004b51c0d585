/** The words of a window: in how many sentences each stands, and whether it looks like a name. */
import { characterKind, DIGIT, LETTER, lowerCase, OTHER, UNSPACED, UPPER } from './characters.ts';
import { isStopWord } from './stop-words.ts';
import { finishedHash, HASH_START, hashStep } from './word-hash.ts';

const APOSTROPHE = 39;
const TYPOGRAPHIC_APOSTROPHE = 0x2019;
const SMALL_S = 115;
/** A longer run of letters is read as several words, so that no input makes one of unbounded length. */
const WORD_MAX_CHARACTERS = 32;

export type Lexicon = {
  readonly idByHash: Map<number, number>;
  /** In how many sentences the word stands, by word id. */
  readonly sentences: number[];
  /** How often it stands capitalised where no sentence begins, and how often in lower case. */
  readonly capitalised: number[];
  readonly lower: number[];
  readonly numeric: boolean[];
  readonly stop: boolean[];
  /** The word as it was first written, with a capital if it ever was. */
  readonly spelling: string[];
  /** The sentence that last counted the word, so that one sentence counts it once. */
  readonly countedIn: number[];
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

/** Where the word that begins at `start` ends. Apostrophes join letters, dots and commas join digits. */
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

/** The word's end without a possessive "'s", so that Grog's counts as Grog. */
function stemEnd(text: string, start: number, end: number): number {
  if (end - start < 3 || (text.charCodeAt(end - 1) | 32) !== SMALL_S) return end;
  const mark = text.charCodeAt(end - 2);
  return mark === APOSTROPHE || mark === TYPOGRAPHIC_APOSTROPHE ? end - 2 : end;
}

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

/** Reads the word at `start` into the lexicon; answers its id. `opening`: no other word of the sentence is before it. */
function readWord(lexicon: Lexicon, text: string, start: number, end: number, opening: boolean): number {
  const id = wordId(lexicon, text, start, end);
  if (characterKind(text.charCodeAt(start)) === UPPER) {
    if (!opening && lexicon.capitalised[id]!++ === 0) lexicon.spelling[id] = text.slice(start, end);
  } else lexicon.lower[id]!++;
  return id;
}

function count(lexicon: Lexicon, ids: readonly number[]): void {
  const sentence = lexicon.total++;
  for (const id of ids) {
    if (lexicon.countedIn[id] === sentence) continue;
    lexicon.countedIn[id] = sentence;
    lexicon.sentences[id]!++;
  }
}

/** Where the word at `start` ends: in scripts without spaces a pair of characters is read as a word. */
function endOfWord(text: string, start: number, end: number, kind: number): number {
  if (kind !== UNSPACED) return wordEnd(text, start, end);
  const paired = start + 1 < end && characterKind(text.charCodeAt(start + 1)) === UNSPACED;
  return paired ? start + 2 : start + 1;
}

/** Reads the words of a sentence in one pass; answers their ids in order, stop words included. */
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
    // Pairs overlap: of "ABC" both "AB" and "BC" are words.
    i = kind === UNSPACED && stop - i === 2 ? i + 1 : stop;
  }
  count(lexicon, ids);
  return ids;
}

/** Whether a word is a name: mostly written with a capital, also where no sentence begins. */
export function isName(lexicon: Lexicon, id: number): boolean {
  const capitalised = lexicon.capitalised[id]!;
  return capitalised > 0 && capitalised > lexicon.lower[id]! && !lexicon.stop[id];
}
