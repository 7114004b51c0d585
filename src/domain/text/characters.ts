/** Classifies UTF-16 code units for the tokenizer, through a lookup table that is filled on first use. */

/** Punctuation, spaces and symbols. The kinds start at 1, because 0 in the table means "not classified yet". */
export const OTHER = 1;
/** A letter that is not upper-case, or a combining mark: marks count as part of the letter before them. */
export const LETTER = 2;
export const UPPER = 3;
export const DIGIT = 4;
/** A letter of a script that puts no spaces between its words, or one half of a surrogate pair. */
export const UNSPACED = 5;

// One slot for each UTF-16 code unit, 192 kB together, in place of several regular expressions for each character.
const kinds = new Uint8Array(0x10000);
const folded = new Uint16Array(0x10000);

const UNSPACED_SCRIPTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The long-vowel mark, which Unicode counts to no script: part of the words of Katakana. */
const LONG_VOWEL = 0x30fc;

/** Whether a code unit is a letter of Katakana, in whose runs Japanese writes names and foreign words. */
export function isKatakana(code: number): boolean {
  return code >= 0x30a1 && code <= LONG_VOWEL && code !== 0x30fb;
}

function kindOf(character: string, code: number): number {
  if ((code >= 0xd800 && code <= 0xdfff) || code === LONG_VOWEL) return UNSPACED;
  if (/\p{Nd}/u.test(character)) return DIGIT;
  if (!/[\p{L}\p{M}]/u.test(character)) return OTHER;
  if (UNSPACED_SCRIPTS.test(character)) return UNSPACED;
  return /\p{Lu}/u.test(character) ? UPPER : LETTER;
}

function classify(code: number): number {
  const character = String.fromCharCode(code);
  const kind = kindOf(character, code);
  kinds[code] = kind;
  folded[code] = kind === UPPER ? character.toLowerCase().charCodeAt(0) : code;
  return kind;
}

/** Returns the kind of a UTF-16 code unit: `OTHER`, `LETTER`, `UPPER`, `DIGIT` or `UNSPACED`. */
export function characterKind(code: number): number {
  return kinds[code] || classify(code);
}

/** Returns the code unit in lower case. Only valid for a code unit that `characterKind` has already classified. */
export function lowerCase(code: number): number {
  return folded[code]!;
}

/** Whether a code unit is a lower-case letter. Letters of scripts without capitals are not. */
export function isLowerCase(code: number): boolean {
  return characterKind(code) === LETTER && /\p{Ll}/u.test(String.fromCharCode(code));
}

/** Characters that are drawn as one with the character before them: marks, emoji parts, Hangul jamo. */
const JOINS_WITH_NEIGHBOUR = /^(?:\p{M}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|[\u1160-\u11ff])/u;

/**
 * Whether a text can be cut before `index` without splitting a surrogate pair or a grapheme cluster. An approximation
 * of Unicode's cluster rules (UAX #29) that looks at two code units only.
 */
export function isSafeCut(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return true;
  const code = text.charCodeAt(index);
  // No code unit below U+0300 extends a cluster, so only a zero-width joiner before it can forbid the cut.
  if (code < 0x300) return text.charCodeAt(index - 1) !== 0x200d;
  if (code >= 0xdc00 && code <= 0xdfff) return false;
  if (text.charCodeAt(index - 1) === 0x200d) return false;
  return !JOINS_WITH_NEIGHBOUR.test(text.slice(index, index + 2));
}

/** Returns the greatest safe cut at or before `index`. */
function safeCutBefore(text: string, index: number): number {
  let cut = index;
  while (!isSafeCut(text, cut)) cut--;
  return cut;
}

/**
 * Returns the beginning of a text as one line of at most `limit` code units. White space is collapsed, and the cut
 * moves back to a word boundary unless that would lose half of the line.
 */
export function beginningOf(text: string, limit: number): string {
  const line = text
    .slice(0, safeCutBefore(text, Math.min(text.length, limit * 4)))
    .replace(/\s+/gu, ' ')
    .trim();
  if (line.length <= limit) return line;
  const space = line.lastIndexOf(' ', limit);
  const cut = space > limit / 2 ? space : safeCutBefore(line, limit);
  return line.slice(0, cut);
}
