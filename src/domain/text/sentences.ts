/** Splits a text into sentences, as people at a table speak them: in one pass, each at most a few lines long. */
import { characterKind, DIGIT, isSafeCut, LETTER, UPPER } from './characters.ts';

/** A part of a text, by code units, `end` not included. */
export type Span = Readonly<{ start: number; end: number }>;

/** A sentence longer than this is cut at a pause, a space, or between two characters. */
export const SENTENCE_MAX_CHARACTERS = 320;
const STAGE_DIRECTION_MAX_CHARACTERS = 120;
const RUN_MAX_CHARACTERS = 16;

const NEWLINE = 10;
const SPACE = 32;
const DOT = 46;

const ABBREVIATIONS = new Set(
  'mr mrs ms dr st sr jr vs prof capt lt sgt gen col cmdr rev hon mt ft no fig approx e.g i.e'.split(' '),
);

const TERMINATORS = new Set(['.', '!', '?', '…'].map(codeOf));
const WIDE_TERMINATORS = new Set(['。', '！', '？', '｡', '।'].map(codeOf));
const CLOSERS = new Set(['"', "'", '”', '’', '»', ')', ']', '*', '_', '」', '』', '）'].map(codeOf));
const PAUSES = new Set([',', ';', ':', '–', '—', '、', '，', '；'].map(codeOf));

function codeOf(character: string): number {
  return character.charCodeAt(0);
}

function isSpace(code: number): boolean {
  return code === SPACE || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000;
}

function skipSpace(text: string, index: number): number {
  let i = index;
  while (i < text.length && isSpace(text.charCodeAt(i))) i++;
  return i;
}

/** Skips characters of a set, but not without end: a long run of dots must not be read again at each of them. */
function skipIn(set: ReadonlySet<number>, text: string, index: number): number {
  const end = Math.min(text.length, index + RUN_MAX_CHARACTERS);
  let i = index;
  while (i < end && set.has(text.charCodeAt(i))) i++;
  return i;
}

/** Whether the dot at `index` ends an abbreviation ("Mr.", "e.g.") or an initial ("J."). */
function isAbbreviation(text: string, index: number): boolean {
  let start = index;
  while (start > 0 && index - start < 6 && isInWord(text.charCodeAt(start - 1))) start--;
  const word = text.slice(start, index);
  if (word.length === 1) return characterKind(word.charCodeAt(0)) === UPPER && word !== 'I';
  return ABBREVIATIONS.has(word.toLowerCase());
}

function isInWord(code: number): boolean {
  return code === DOT || characterKind(code) === LETTER || characterKind(code) === UPPER;
}

/** Where the sentence ends whose terminator stands at `index`; -1 where it goes on. */
function endAfterTerminator(text: string, index: number): number {
  const afterMarks = skipIn(TERMINATORS, text, index);
  const end = skipIn(CLOSERS, text, afterMarks);
  if (end < text.length && !isSpace(text.charCodeAt(end))) return -1;
  const next = text.charCodeAt(skipSpace(text, end));
  const goesOn = characterKind(next || SPACE) === LETTER;
  const isSingleDot = text.charCodeAt(index) === DOT && afterMarks === index + 1;
  if (isSingleDot && isAbbreviation(text, index)) return -1;
  const isTrailing = text.charCodeAt(afterMarks - 1) === DOT || text.charCodeAt(afterMarks - 1) === codeOf('…');
  return goesOn && (isTrailing || end > afterMarks) ? -1 : end;
}

/** Where a stage direction in parentheses ends that begins at `start`; -1 where there is none. */
function endOfStageDirection(text: string, start: number): number {
  if (text[start] !== '(') return -1;
  const close = text.slice(start, start + STAGE_DIRECTION_MAX_CHARACTERS).indexOf(')');
  return close === -1 ? -1 : start + close + 1;
}

/** Where to cut a sentence from `start` that has run on for too long: after a pause, else a space, else anywhere safe. */
function forcedEnd(text: string, start: number, index: number): number {
  // Looking back no further than this keeps the work linear where a text can be cut nowhere.
  const earliest = Math.max(start, index - SENTENCE_MAX_CHARACTERS / 2);
  let space = -1;
  for (let i = index; i > earliest; i--) {
    const code = text.charCodeAt(i - 1);
    if (PAUSES.has(code) && isSafeCut(text, i) && !isDigitAt(text, i)) return i;
    if (space === -1 && isSpace(code)) space = i;
  }
  if (space !== -1) return space;
  return isSafeCut(text, index) ? index : -1;
}

function isDigitAt(text: string, index: number): boolean {
  return index < text.length && characterKind(text.charCodeAt(index)) === DIGIT;
}

/** Where a fenced block of code ends whose fence stands at `start`; -1 where there is none. It is kept in one piece. */
function endOfFence(text: string, start: number): number {
  if (!text.startsWith('```', start)) return -1;
  const close = text.indexOf('\n```', start + 3);
  return close === -1 ? text.length : close + 4;
}

/** Where the sentence that begins at `start` ends. */
function sentenceEnd(text: string, start: number): number {
  const special = Math.max(endOfFence(text, start), endOfStageDirection(text, start));
  if (special !== -1) return special;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === NEWLINE) return i;
    const end = endAt(text, i, code);
    if (end !== -1) return end;
    if (i - start >= SENTENCE_MAX_CHARACTERS) {
      const cut = forcedEnd(text, start, i);
      if (cut !== -1) return cut;
    }
  }
  return text.length;
}

function endAt(text: string, index: number, code: number): number {
  if (code < 128 ? code === 33 || code === DOT || code === 63 : TERMINATORS.has(code)) {
    return endAfterTerminator(text, index);
  }
  if (code < 128 || !WIDE_TERMINATORS.has(code)) return -1;
  return skipIn(CLOSERS, text, skipIn(WIDE_TERMINATORS, text, index));
}

/** The sentences of `text` in order, without the space around them; nothing but space lies between two of them. */
export function sentencesOf(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let start = skipSpace(text, 0); start < text.length; ) {
    const end = sentenceEnd(text, start);
    spans.push({ start, end: trimmedEnd(text, start, end) });
    start = skipSpace(text, end);
  }
  return spans;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let i = end;
  while (i > start && isSpace(text.charCodeAt(i - 1))) i--;
  return i;
}

/** Whether a sentence is a stage direction alone, as in "(laughter)". */
export function isStageDirection(text: string, span: Span): boolean {
  return text[span.start] === '(' && text[span.end - 1] === ')';
}
