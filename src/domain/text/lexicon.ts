/** Word statistics of a window: the number of sentences that contain each word, and whether it looks like a name. */
import { characterKind, UNSPACED, UPPER } from './characters.ts';
import { isStopWord } from './stop-words.ts';

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
  /** Whether the word contains a digit: a number, or a number with the word or sign beside it. */
  readonly numeric: boolean[];
  /** Whether the word says nothing by itself: stop words, bare numbers, words of speakers' names. */
  readonly stop: boolean[];
  /** Whether the word is a pair of characters that is grammar, or cut across words, rather than a word. */
  readonly weak: boolean[];
  /** What a number with a word beside it counts: the id of that word; -1 for other words. */
  readonly counted: number[];
  /** The first spelling that was read, replaced by the first capitalised spelling within a sentence. */
  readonly spelling: string[];
  /** The number of the last sentence that counted the word, so that a sentence counts each word once; -1 at first. */
  readonly countedIn: number[];
  /** The number of sentences read, and what they count for together. */
  read: number;
  total: number;
  /** Words of letters that are not the first of a sentence, and how many of them have a capital. */
  innerWords: number;
  innerCapitals: number;
};

/** Creates a lexicon without words. */
export function emptyLexicon(): Lexicon {
  return {
    idByHash: new Map(),
    sentences: [],
    capitalised: [],
    lower: [],
    numeric: [],
    stop: [],
    weak: [],
    counted: [],
    spelling: [],
    countedIn: [],
    total: 0,
    read: 0,
    innerWords: 0,
    innerCapitals: 0,
  };
}

const BARE_NUMBER = /^[\p{Nd}.,]+$/u;
/** A number that says when: "in 1492". */
const YEAR = /^(?:1[0-9]|20)\d\d$/u;
/** The marks of Chinese grammar; a pair of characters with one of them is no word. */
const CHINESE_FUNCTION = /[的了是我你他她它们們这這那不在就也都很吗嗎呢吧啊着著么麼什没沒还還把被让讓但而]/u;
const HIRAGANA = /\p{Script=Hiragana}/gu;

/** Laughter, and words drawn out: "sooo", "hahaha". */
const LENGTHENED = /(\p{L})\1\1|^(\p{L}{2,3})\2+\p{L}?$/iu;

/** One letter of an alphabet, as words are spelled out: "T-A-M". Of other scripts one may be a word. */
const LETTER_ALONE = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Arabic}\p{Script=Hebrew}]$/u;

/** Whether a word says nothing by itself. */
function isStop(hash: number, written: string): boolean {
  if (isStopWord(hash) || LETTER_ALONE.test(written) || LENGTHENED.test(written)) return true;
  return isBareNumber(written);
}

/** Whether a pair of characters of an unspaced script is grammar rather than a word. */
function isFunctionPair(written: string): boolean {
  const hiragana = written.match(HIRAGANA)?.length ?? 0;
  return hiragana === written.length || CHINESE_FUNCTION.test(written);
}

/** Adds a word, as it is written, and returns its id. */
export function addWord(lexicon: Lexicon, hash: number, written: string): number {
  const id = lexicon.sentences.length;
  const numeric = /\p{Nd}/u.test(written);
  const unspaced = characterKind(written.charCodeAt(0)) === UNSPACED;
  lexicon.idByHash.set(hash, id);
  lexicon.sentences.push(0);
  lexicon.capitalised.push(0);
  lexicon.lower.push(0);
  lexicon.numeric.push(numeric);
  lexicon.stop.push(isStop(hash, written));
  lexicon.weak.push(unspaced && !numeric && isFunctionPair(written));
  lexicon.counted.push(-1);
  lexicon.spelling.push(written);
  lexicon.countedIn.push(-1);
  return id;
}

/** Whether a word is a number that counts nothing, and is no year. */
export function isBareNumber(written: string): boolean {
  return BARE_NUMBER.test(written) && !YEAR.test(written);
}

/** Counts a sentence once for each distinct word in it. It counts for `by` sentences. */
export function countSentence(lexicon: Lexicon, ids: readonly number[], by = 1): void {
  const sentence = lexicon.read++;
  lexicon.total += by;
  for (const id of ids) {
    if (lexicon.countedIn[id] === sentence) continue;
    lexicon.countedIn[id] = sentence;
    lexicon.sentences[id]! += by;
  }
}

/**
 * Counts one occurrence of a word of letters, by its first character. `opening`: the word is the first of its sentence.
 */
export function countCase(lexicon: Lexicon, id: number, text: string, start: number, opening: boolean): void {
  const isCapital = characterKind(text.charCodeAt(start)) === UPPER;
  if (!opening) lexicon.innerWords++;
  if (!isCapital) lexicon.lower[id]!++;
  else if (!opening) {
    lexicon.innerCapitals++;
    if (lexicon.capitalised[id]!++ === 0)
      lexicon.spelling[id] = text.slice(start, start + lexicon.spelling[id]!.length);
  }
}

/** Above this share of capitals within sentences, as in German, capitals do not tell names from other words. */
const CAPITALS_MAX_SHARE = 0.2;
/** Words with few capitals that are assumed before any is read, so that a few sentences prove nothing. */
const ASSUMED_WORDS = 60;
const ASSUMED_SHARE = 0.07;

/** Whether a capital within a sentence marks a name in what was read. */
export function capitalsMarkNames({ innerWords, innerCapitals }: Lexicon): boolean {
  const capitals = innerCapitals + ASSUMED_WORDS * ASSUMED_SHARE;
  return capitals / (innerWords + ASSUMED_WORDS) <= CAPITALS_MAX_SHARE;
}

/** Whether a word is a name: within sentences it has a capital more often than not, and it is no stop word. */
export function isName(lexicon: Lexicon, id: number): boolean {
  const capitalised = lexicon.capitalised[id]!;
  if (capitalised === 0 || capitalised <= lexicon.lower[id]! || lexicon.stop[id] || lexicon.numeric[id]) return false;
  return capitalsMarkNames(lexicon);
}

/** Whether a word is of a script without spaces. */
export function isUnspaced(lexicon: Lexicon, id: number): boolean {
  return characterKind(lexicon.spelling[id]!.charCodeAt(0)) === UNSPACED;
}
