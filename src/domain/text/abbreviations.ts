/** Tells the dots that end no sentence: after abbreviations, initials and ordinal numbers. */
import { characterKind, DIGIT, LETTER, UPPER } from './characters.ts';

const DOT = 46;
const SPACE = 32;
const NEWLINE = 10;
/** How far to look back for the word before a dot. */
const WORD_MAX_CHARACTERS = 12;

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.trim().split(/\s+/u));
}

const ABBREVIATIONS = setOf(`
mr mrs ms dr st sr jr vs prof capt lt sgt gen col cmdr rev hon mt ft approx e.g i.e
bzw ca evtl ggf inkl vgl sog geb hr fr str tel mio mrd z.b d.h u.a mme mlle env гг ул им тыс млн руб
`);
/** Abbreviations only where a number follows: "no. 4", and not "No. We stay." */
const BEFORE_NUMBERS = setOf('no nr fig art vol ch p pp kap abs abb ch bd стр г');
/** Words between which and a noun stands a German ordinal: "der 3. Tag". */
const ARTICLES = setOf('der die das dem den des im vom zum zur beim ins jeden jeder jedes ihr sein mein');
const MONTHS = setOf(`
januar jänner februar märz april mai juni juli august september oktober november dezember
jan feb mär apr jun jul aug sep sept okt nov dez jahrhundert jh
`);
/** The rest of a date after its first dot: " 5. 2023", and after its second: " 2023". */
const REST_OF_DATE = /^ ?\d{1,2}\. ?\d{2,4}(?!\d)/u;
const YEAR = /^ ?\d{4}(?!\d)/u;
const DAY_AND_MONTH = /(?<!\d)\d{1,2}\. ?\d{1,2}$/u;

function isLetter(code: number): boolean {
  const kind = characterKind(code);
  return kind === LETTER || kind === UPPER;
}

/** The run of letters and inner dots that ends before `index`, in lower case. */
function wordBefore(text: string, index: number): string {
  let start = index;
  while (start > 0 && index - start < WORD_MAX_CHARACTERS) {
    const code = text.charCodeAt(start - 1);
    if (code !== DOT && !isLetter(code)) break;
    start--;
  }
  return text.slice(start, index).toLowerCase();
}

/** The word that begins at `index`, after one space at most, in lower case. */
function wordAfter(text: string, index: number): string {
  const start = text.charCodeAt(index) === SPACE ? index + 1 : index;
  let end = start;
  while (end < text.length && end - start < WORD_MAX_CHARACTERS && isLetter(text.charCodeAt(end))) end++;
  return text.slice(start, end).toLowerCase();
}

/** Whether a single letter with a dot stands beside the one at `index`: the "z." or "B." of "z. B.". */
function hasSingleNeighbour(text: string, index: number): boolean {
  return (
    /^ ?\p{L}\./u.test(text.slice(index + 1, index + 4)) ||
    /(?<!\p{L})\p{L}\. ?\p{L}$/u.test(text.slice(Math.max(0, index - 5), index))
  );
}

/** Whether the dot at `index` follows an initial ("J.") or an abbreviation of single letters. "I." is a pronoun. */
function isInitial(text: string, index: number): boolean {
  const code = text.charCodeAt(index - 1);
  if (characterKind(code) === UPPER) return text[index - 1] !== 'I';
  return hasSingleNeighbour(text, index);
}

/**
 * Whether the dot at `index`, after a digit, belongs to an ordinal or a date: "am 3. Mai", "der 3. Tag", "3. 5. 2023".
 */
function isOrdinal(text: string, index: number): boolean {
  let start = index;
  while (start > 0 && index - start < 3 && characterKind(text.charCodeAt(start - 1)) === DIGIT) start--;
  if (index - start > 2) return false;
  const rest = text.slice(index + 1, index + 12);
  if (REST_OF_DATE.test(rest) || (YEAR.test(rest) && DAY_AND_MONTH.test(text.slice(Math.max(0, index - 7), index)))) {
    return true;
  }
  const next = wordAfter(text, index + 1);
  return next !== '' && (MONTHS.has(next) || ARTICLES.has(wordBefore(text, start - 1)));
}

/** Whether the digits before the dot at `index` number an item of a list: they begin a line, and there are several. */
function isListNumber(text: string, index: number): boolean {
  let start = index;
  while (start > 0 && index - start < 3 && characterKind(text.charCodeAt(start - 1)) === DIGIT) start--;
  return start === 0 ? text.includes('\n2. ') : text.charCodeAt(start - 1) === NEWLINE;
}

/** Whether the single dot at `index` belongs to the word or number before it, and so ends no sentence. */
export function isPartOfWord(text: string, index: number): boolean {
  if (characterKind(text.charCodeAt(index - 1) || SPACE) === DIGIT) {
    return isOrdinal(text, index) || isListNumber(text, index);
  }
  const word = wordBefore(text, index);
  if (word.length === 1) return isInitial(text, index) || (BEFORE_NUMBERS.has(word) && isNumberNext(text, index));
  return ABBREVIATIONS.has(word) || (BEFORE_NUMBERS.has(word) && isNumberNext(text, index));
}

function isNumberNext(text: string, index: number): boolean {
  const next = text.charCodeAt(index + 1) === SPACE ? index + 2 : index + 1;
  return next < text.length && characterKind(text.charCodeAt(next)) === DIGIT;
}
