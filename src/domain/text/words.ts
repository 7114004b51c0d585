/** Reads the words of sentences into a lexicon, in one pass. A number is read with the word that it counts. */
import { characterKind, DIGIT, isKatakana, LETTER, lowerCase, OTHER, UNSPACED, UPPER } from './characters.ts';
import { addWord, countCase, countSentence, emptyLexicon, isBareNumber, isUnspaced, type Lexicon } from './lexicon.ts';
import { finishedHash, HASH_START, hashStep } from './word-hash.ts';

const APOSTROPHE = 39;
const TYPOGRAPHIC_APOSTROPHE = 0x2019;
const SMALL_S = 115;
/** A longer run of letters is split into several words, so that no input produces a word of unbounded length. */
const WORD_MAX_CHARACTERS = 32;
/** Signs that make an amount of the number before or after them. */
const AMOUNT_SIGNS = /[%°$€£¥₽₩#]/u;
/** Between digits they make one word of them: numbers, dates, times, shares. */
const JOINS_DIGITS = new Set(['.', ',', '/', ':', '-'].map((sign) => sign.charCodeAt(0)));
/** What may stand between a number and its word: "18 damage", "18-year", "12. Mai"; nothing in unspaced scripts. */
const BETWEEN = /^(?:|[ \u00a0-]|\. ?)$/u;

/** Returns the end of the word that begins at `start`. Apostrophes join letters; dots and commas join digits. */
function wordEnd(text: string, start: number, end: number): number {
  const limit = Math.min(end, start + WORD_MAX_CHARACTERS);
  let i = start + 1;
  let onlyDigits = characterKind(text.charCodeAt(start)) === DIGIT;
  while (i < limit) {
    const code = text.charCodeAt(i);
    const kind = characterKind(code);
    if (kind === UNSPACED || (kind === OTHER && !joins(text, i, limit, code))) break;
    if (onlyDigits && kind !== DIGIT && kind !== OTHER && !hasDigit(text, i, limit)) break;
    if (kind !== DIGIT && kind !== OTHER) onlyDigits = false;
    i++;
  }
  return i;
}

/** Whether a digit follows in the same run of letters and digits: "2d6" is one word, "15km" is two. */
function hasDigit(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const kind = characterKind(text.charCodeAt(i));
    if (kind === DIGIT) return true;
    if (kind !== LETTER && kind !== UPPER) return false;
  }
  return false;
}

function joins(text: string, index: number, limit: number, code: number): boolean {
  if (index + 1 >= limit) return false;
  const next = characterKind(text.charCodeAt(index + 1));
  if (code === APOSTROPHE || code === TYPOGRAPHIC_APOSTROPHE) return next === LETTER || next === UPPER;
  if (!JOINS_DIGITS.has(code)) return false;
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
  return lexicon.idByHash.get(hash) ?? addWord(lexicon, hash, text.slice(start, end));
}

/**
 * Returns the end of the word at `start`. In scripts without spaces each pair of characters is a word, and each run of
 * Katakana.
 */
function endOfWord(text: string, start: number, end: number, kind: number): number {
  if (kind !== UNSPACED) return wordEnd(text, start, end);
  if (isKatakana(text.charCodeAt(start))) {
    const limit = Math.min(end, start + WORD_MAX_CHARACTERS);
    let i = start + 1;
    while (i < limit && isKatakana(text.charCodeAt(i))) i++;
    return i;
  }
  const next = start + 1 < end ? text.charCodeAt(start + 1) : 0;
  return characterKind(next || 32) === UNSPACED && !isKatakana(next) ? start + 2 : start + 1;
}

/**
 * The words of the sentence that is being read: ids, and ranges in the text. Two arrays are used again and again,
 * because an object for each word would cost more than reading it.
 */
type Words = Readonly<{ ids: number[]; starts: number[]; ends: number[] }>;
const starts: number[] = [];
const ends: number[] = [];

/** Whether a number counts with the word at `index` beside it. */
function isCountable({ stop, numeric, spelling }: Lexicon, { ids }: Words, index: number): boolean {
  const id = ids[index];
  if (id === undefined || stop[id] || numeric[id]) return false;
  return spelling[id]!.length > 1 || characterKind(spelling[id]!.charCodeAt(0)) === UNSPACED;
}

/** Whether the number in `start..end` has a sign that makes an amount of it. */
function hasSign(text: string, start: number, end: number): boolean {
  return AMOUNT_SIGNS.test(text[start - 1] ?? ' ') || AMOUNT_SIGNS.test(text[end] ?? ' ');
}

/** Whether the words at `index` and after it stand beside each other. */
function isBeside(text: string, words: Words, index: number): boolean {
  const [end, next] = [words.ends[index]!, words.starts[index + 1]!];
  return next - end <= 2 && BETWEEN.test(text.slice(end, next));
}

/** How many code units of the word beside a number belong to it: of unspaced scripts one, "3個". */
function besideLength(text: string, words: Words, index: number): number {
  const start = words.starts[index]!;
  return characterKind(text.charCodeAt(start)) === UNSPACED ? 1 : words.ends[index]! - start;
}

/** Whether the words at `index` and after it are a number and a character of an unspaced script, at `start`. */
function isCountedAt(text: string, { ids, starts, ends }: Words, index: number, start: number): boolean {
  if (index + 1 >= ids.length || starts[index] !== start || starts[index + 1] !== ends[index]) return false;
  return characterKind(text.charCodeAt(start)) === DIGIT && characterKind(text.charCodeAt(ends[index]!)) === UNSPACED;
}

/**
 * The end of the number at `index` with what it counts, and in unspaced scripts of those right after it: "3月17日" is
 * one day, "2時間30分" one time.
 */
function endOfRun(text: string, words: Words, index: number): number {
  let beside = index + 1;
  let end = words.starts[beside]! + besideLength(text, words, beside);
  while (isCountedAt(text, words, beside + 1, end)) {
    beside += 2;
    end = words.starts[beside]! + 1;
  }
  return end;
}

/** Whether a number is a word by itself, without what stands beside it. */
function isAlone({ numeric, spelling }: Lexicon, id: number): boolean {
  return numeric[id]! && isBareNumber(spelling[id]!);
}

/** Whether the number at `index` goes on a run: "17" in "3月17日", but not "3" in "2024年3月". */
function isWithinRun(lexicon: Lexicon, text: string, words: Words, index: number): boolean {
  const { ids, starts } = words;
  if (index < 2 || !isCountedAt(text, words, index, starts[index - 1]! + 1)) return false;
  return isAlone(lexicon, ids[index - 2]!) && isCountedAt(text, words, index - 2, starts[index - 2]!);
}

function pairId(lexicon: Lexicon, text: string, start: number, end: number, counted: number): number {
  const id = wordId(lexicon, text, start, end);
  // A single character after a number, as in dates, says less than the number.
  if (!isUnspaced(lexicon, counted)) lexicon.counted[id] = counted;
  return id;
}

/**
 * The number at `index` together with what it counts, as a word of its own: "18 damage", "Room 12", "$40"; the number
 * itself if it is alone, or a part of such a word already.
 */
function countedId(lexicon: Lexicon, text: string, words: Words, index: number): number {
  if (isWithinRun(lexicon, text, words, index)) return words.ids[index]!;
  const [start, end] = [words.starts[index]!, words.ends[index]!];
  if (isCountable(lexicon, words, index + 1) && isBeside(text, words, index)) {
    return pairId(lexicon, text, start, endOfRun(text, words, index), words.ids[index + 1]!);
  }
  if (isCountable(lexicon, words, index - 1) && isBeside(text, words, index - 1)) {
    const from = words.ends[index - 1]! - besideLength(text, words, index - 1);
    return pairId(lexicon, text, from, end, words.ids[index - 1]!);
  }
  if (!hasSign(text, start, end)) return words.ids[index]!;
  return wordId(lexicon, text, Math.max(0, start - 1), end + 1);
}

/** Reads words into the arrays. Returns whether there is a number among them. */
function readWords(lexicon: Lexicon, text: string, start: number, end: number, { ids, starts, ends }: Words): boolean {
  let hasNumber = false;
  for (let i = start; i < end; ) {
    const kind = characterKind(text.charCodeAt(i));
    if (kind === OTHER) {
      i++;
      continue;
    }
    const stop = endOfWord(text, i, end, kind);
    const id = wordId(lexicon, text, i, stemEnd(text, i, stop));
    if (kind === LETTER || kind === UPPER) countCase(lexicon, id, text, i, ids.length === 0);
    else if (kind === DIGIT) hasNumber = true;
    starts[ids.length] = i;
    ends[ids.length] = stop;
    ids.push(id);
    // Pairs overlap, as is usual for bigrams of unsegmented text: "ABC" yields "AB" and "BC".
    i = kind === UNSPACED && stop - i === 2 && !isKatakana(text.charCodeAt(i)) ? i + 1 : stop;
  }
  return hasNumber;
}

/**
 * Adds the words of the sentence in `start..end` to the lexicon, in whose statistics it counts for `by` sentences.
 * Returns their ids in order, stop words and repetitions included.
 */
export function readSentence(lexicon: Lexicon, text: string, start: number, end: number, by = 1): readonly number[] {
  const words: Words = { ids: [], starts, ends };
  const hasNumber = readWords(lexicon, text, start, end, words);
  const ids = hasNumber
    ? words.ids.map((id, i) => (isAlone(lexicon, id) ? countedId(lexicon, text, words, i) : id))
    : words.ids;
  countSentence(lexicon, ids, by);
  return ids;
}

/** Returns a lexicon in which the words of these names say nothing: to be spoken to is not to be spoken of. */
export function lexiconFor(names: Iterable<string>): Lexicon {
  const [lexicon, called] = [emptyLexicon(), emptyLexicon()];
  for (const name of names) readSentence(called, name, 0, name.length);
  for (const [hash, id] of called.idByHash) lexicon.stop[addWord(lexicon, hash, called.spelling[id]!)] = true;
  return lexicon;
}
