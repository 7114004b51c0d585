/** Takes English endings off words, so that "casting" and "casts" are one term: the algorithm of Porter (1980). */

/** Shorter words have no ending to lose. */
const MIN_CHARACTERS = 3;
/** Words of other alphabets are left as they are. */
const LATIN = /^[a-z]+$/;

const CONSONANT = '[^aeiou]';
const VOWEL = '[aeiouy]';
const CONSONANTS = `${CONSONANT}[^aeiouy]*`;
const VOWELS = `${VOWEL}[aeiou]*`;

/** The measure of a stem is how many times vowels are followed by consonants in it: above 0, 1 exactly, above 1. */
const ABOVE_0 = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}`);
const EXACTLY_1 = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}(?:${VOWELS})?$`);
const ABOVE_1 = new RegExp(`^(?:${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`);
const HAS_VOWEL = new RegExp(`^(?:${CONSONANTS})?${VOWEL}`);
/** Consonant, vowel, consonant, where the last is none of w, x and y: "hop", but not "snow". */
const SHORT_END = new RegExp(`^${CONSONANTS}${VOWEL}[^aeiouwxy]$`);
const DOUBLED = /([^aeiouylsz])\1$/;

/** Each ending and what takes its place, the longer ones first. */
type Endings = readonly (readonly [ending: string, replacement: string])[];

const SECOND: Endings = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
];
const THIRD: Endings = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];
const FOURTH = /^(.+?)(al|ance|ence|er|ic|able|ible|ant|ement|ment|ent|ou|ism|ate|iti|ous|ive|ize)$/;

/** Returns the stem of a word in lower case. Words that are no English are changed as if they were. */
export function stemOf(word: string): string {
  if (!isStemmed(word)) return word;
  const plain = withoutInflection(word);
  const ended = plain.endsWith('y') && HAS_VOWEL.test(plain.slice(0, -1)) ? `${plain.slice(0, -1)}i` : plain;
  return withoutFinalE(withoutSuffix(replaced(replaced(ended, SECOND), THIRD)));
}

/** Takes off the endings of inflection alone: "beholders" becomes "beholder", which has the stem of "behold". */
export function withoutInflection(word: string): string {
  return isStemmed(word) ? withoutPast(withoutPlural(word)) : word;
}

function isStemmed(word: string): boolean {
  return word.length >= MIN_CHARACTERS && LATIN.test(word);
}

function withoutPlural(word: string): string {
  if (/(?:ss|i)es$/.test(word)) return word.slice(0, -2);
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word;
}

function withoutPast(word: string): string {
  if (word.endsWith('eed')) return ABOVE_0.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
  const stem = /^(.+)(?:ed|ing)$/.exec(word)?.[1];
  if (stem === undefined || !HAS_VOWEL.test(stem)) return word;
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (DOUBLED.test(stem)) return stem.slice(0, -1);
  return EXACTLY_1.test(stem) && SHORT_END.test(stem) ? `${stem}e` : stem;
}

function replaced(word: string, endings: Endings): string {
  const found = endings.find(([ending]) => word.endsWith(ending));
  if (found === undefined) return word;
  const stem = word.slice(0, -found[0].length);
  return ABOVE_0.test(stem) ? stem + found[1] : word;
}

function withoutSuffix(word: string): string {
  const stem = FOURTH.exec(word)?.[1] ?? /^(.+[st])ion$/.exec(word)?.[1];
  return stem !== undefined && ABOVE_1.test(stem) ? stem : word;
}

function withoutFinalE(word: string): string {
  const stem = word.slice(0, -1);
  const shortened =
    word.endsWith('e') && (ABOVE_1.test(stem) || (EXACTLY_1.test(stem) && !SHORT_END.test(stem))) ? stem : word;
  return shortened.endsWith('ll') && ABOVE_1.test(shortened) ? shortened.slice(0, -1) : shortened;
}
