/** What kind of character stands at a place of a text, looked up in a table that fills itself. */

export const OTHER = 1;
/** A letter that is not an upper-case one; marks count with the letter that they stand on. */
export const LETTER = 2;
export const UPPER = 3;
export const DIGIT = 4;
/** A letter of a script that puts no spaces between its words, or half of a surrogate pair. */
export const UNSPACED = 5;

const kinds = new Uint8Array(0x10000);
const folded = new Uint16Array(0x10000);

const UNSPACED_SCRIPTS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

function kindOf(character: string, code: number): number {
  if (code >= 0xd800 && code <= 0xdfff) return UNSPACED;
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

/** The kind of a UTF-16 code unit. */
export function characterKind(code: number): number {
  return kinds[code] || classify(code);
}

/** The code unit in lower case; call `characterKind` on it first. */
export function lowerCase(code: number): number {
  return folded[code]!;
}

const JOINS_WITH_NEIGHBOUR = /^(?:\p{M}|\p{Emoji_Modifier}|\p{Regional_Indicator}|\u200d|[\u1160-\u11ff])/u;

/** Whether a text may be cut before `index` without parting a surrogate pair or what is drawn as one character. */
export function isSafeCut(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return true;
  const code = text.charCodeAt(index);
  if (code < 0x300) return text.charCodeAt(index - 1) !== 0x200d;
  if (code >= 0xdc00 && code <= 0xdfff) return false;
  if (text.charCodeAt(index - 1) === 0x200d) return false;
  return !JOINS_WITH_NEIGHBOUR.test(text.slice(index, index + 2));
}

/** The nearest place at or before `index` where the text may be cut. */
function safeCutBefore(text: string, index: number): number {
  let cut = index;
  while (!isSafeCut(text, cut)) cut--;
  return cut;
}

/** The beginning of a text, at most `limit` code units, on one line, cut at a word's end where that is near. */
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
