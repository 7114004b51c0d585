/** Splits text into the terms by which it is searched: whole words, and pairs of characters where none are spaced. */
import { characterKind, OTHER, UNSPACED } from './characters.ts';

/** A term, and where it stands: UTF-16 code units `start..end` of the text. */
export type Term = Readonly<{ term: string; start: number; end: number }>;

/** What a text is searched in: its beginning. PostgreSQL has no more positions, nor room for more characters. */
const MAX_TERMS = 16_000;
const MAX_CHARACTERS = 200_000;
/** A longer run of letters is several terms, so that none grows without bound. */
const MAX_TERM_CHARACTERS = 64;

/** Korean puts spaces between words, and writes their endings without one. */
const HANGUL = /[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]/u;
const FIRST_HANGUL = 0x1100;
const LAST_HANGUL = 0xd7a3;

const COMBINING_MARKS = /[\u0300-\u036f]/gu;
/** What decompositions of symbols may leave: marks that no term has. */
const ASCII_MARKS = /[^\p{L}\p{N}\u0080-\u{10ffff}]/gu;
const NOT_IN_WORDS = /[^\p{L}\p{M}\p{N}]/gu;
/** Letters that no decomposition takes apart, and how one writes them without. */
const PLAIN: Readonly<Record<string, string>> = { ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', đ: 'd', ł: 'l', ı: 'i', ς: 'σ' };
const NOT_PLAIN = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'gu');

/** The kind of a code unit; Hangul counts among the characters without spaces. */
function kindOf(code: number): number {
  if (code < FIRST_HANGUL || code > LAST_HANGUL) return characterKind(code);
  return HANGUL.test(String.fromCharCode(code)) ? UNSPACED : characterKind(code);
}

function kindAt(text: string, index: number): number {
  return kindOf(text.charCodeAt(index));
}

/** The number of code units of the character at an index. */
function sizeAt(text: string, index: number): number {
  return (text.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

/** As all spellings of a term are written: in lower case, without accents, in the usual width. */
function folded(written: string): string {
  return written
    .normalize('NFKD')
    .replaceAll(COMBINING_MARKS, '')
    .toLowerCase()
    .replaceAll(NOT_PLAIN, (letter) => PLAIN[letter] as string)
    .normalize('NFC');
}

/** Whether a word is the "s" of a possessive, as in "Grog's", which belongs to no search. */
function isPossessive(text: string, start: number, end: number): boolean {
  if (end - start !== 1 || start < 2 || !/['’]/u.test(text[start - 1] as string)) return false;
  return /s/iu.test(text[start] as string) && kindAt(text, start - 2) !== OTHER;
}

/** Adds the word that begins at `start`, unless nothing is left of it; returns its end. */
function addWord(terms: Term[], text: string, start: number, limit: number): number {
  let [end, codes] = [start, 0];
  for (; end < limit && end - start < MAX_TERM_CHARACTERS; end++) {
    const code = text.charCodeAt(end);
    if (!isOfWord(kindOf(code))) break;
    codes |= code;
  }
  if (isPossessive(text, start, end)) return end;
  const written = text.slice(start, end);
  // Most words are of ASCII letters alone, and quickly folded.
  const term = codes < 0x80 ? written.toLowerCase() : folded(written).replaceAll(NOT_IN_WORDS, '');
  if (term !== '') terms.push({ term, start, end });
  return end;
}

function isOfWord(kind: number): boolean {
  return kind !== OTHER && kind !== UNSPACED;
}

/**
 * Adds a term for the character at `start`: with the one behind it, where that is without spaces too. So whatever run
 * of characters is searched, its pairs follow each other in every text that has it. Returns where the next one begins.
 */
function addCharacter(terms: Term[], text: string, start: number, limit: number): number {
  const next = start + sizeAt(text, start);
  const isPair = next < limit && kindAt(text, next) === UNSPACED;
  const end = isPair ? next + sizeAt(text, next) : next;
  const term = folded(text.slice(start, end)).replaceAll(ASCII_MARKS, '');
  if (term !== '') terms.push({ term, start, end });
  return next;
}

/** Returns the terms of a text in order. Time is linear in its length. */
export function termsOf(text: string): readonly Term[] {
  const terms: Term[] = [];
  const limit = Math.min(text.length, MAX_CHARACTERS);
  for (let i = 0; i < limit && terms.length < MAX_TERMS; ) {
    const kind = kindAt(text, i);
    if (kind === OTHER) i++;
    else i = kind === UNSPACED ? addCharacter(terms, text, i, limit) : addWord(terms, text, i, limit);
  }
  return terms;
}

/** Whether a term stands for characters of a script without spaces. */
export function isUnspacedTerm({ term }: Term): boolean {
  return kindAt(term, 0) === UNSPACED;
}
