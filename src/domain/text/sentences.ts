/** Splits text into sentences in one pass. The rules are made for spoken dialogue, and bound a sentence's length. */
import { isPartOfWord } from './abbreviations.ts';
import { characterKind, DIGIT, isLowerCase, isSafeCut } from './characters.ts';
import { endOfQuotation, endsWithQuotation, opensQuotation } from './quotations.ts';

/** A half-open range of UTF-16 code units, `start..end`. */
export type Span = Readonly<{ start: number; end: number }>;

/** A longer sentence is cut: after punctuation, else at a space, else between two characters. */
export const SENTENCE_MAX_CHARACTERS = 320;
/** A parenthesis that closes later than this is ordinary text. */
const STAGE_DIRECTION_MAX_CHARACTERS = 120;
/** The longest run of terminators or closing marks that is read at once; see `skipIn`. */
const RUN_MAX_CHARACTERS = 16;

const NEWLINE = 10;
const SPACE = 32;
const DOT = 46;

/** Marks that end a sentence only before white space. */
const TERMINATORS = new Set(['.', '!', '?', '…', '؟', '۔'].map(codeOf));
/** Full-width marks and the danda, which end a sentence even without white space after them. */
const WIDE_TERMINATORS = new Set(['。', '！', '？', '｡', '।'].map(codeOf));
/** Quotes, brackets and emphasis that belong to the sentence whose terminator they follow. */
const CLOSERS = new Set(['"', "'", '”', '’', '“', '»', '«', ')', ']', '*', '_', '」', '』', '）'].map(codeOf));
/** Marks after which an overlong sentence is best cut. */
const PAUSES = new Set([',', ';', ':', '–', '—', '、', '，', '；', '،', '؛'].map(codeOf));

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

/**
 * Skips at most `RUN_MAX_CHARACTERS` members of a set. Without the bound a long run of dots would be reread from each
 * of its dots, in quadratic time.
 */
function skipIn(set: ReadonlySet<number>, text: string, index: number): number {
  const end = Math.min(text.length, index + RUN_MAX_CHARACTERS);
  let i = index;
  while (i < end && set.has(text.charCodeAt(i))) i++;
  return i;
}

/**
 * Returns the end of the sentence whose terminator is at `index`, closing marks included; -1 if the sentence continues:
 * without white space after the terminator, after an abbreviation, or before a lower-case letter where the terminator
 * is a dot or an ellipsis ("well... maybe") or has closing marks ("No!" she said).
 */
function endAfterTerminator(text: string, index: number): number {
  const afterMarks = skipIn(TERMINATORS, text, index);
  const end = skipIn(CLOSERS, text, afterMarks);
  if (end < text.length && !isSpace(text.charCodeAt(end))) return -1;
  const next = text.charCodeAt(skipSpace(text, end));
  const goesOn = isLowerCase(next || SPACE);
  const isSingleDot = text.charCodeAt(index) === DOT && afterMarks === index + 1;
  if (isSingleDot && isPartOfWord(text, index)) return -1;
  const isTrailing = text.charCodeAt(afterMarks - 1) === DOT || text.charCodeAt(afterMarks - 1) === codeOf('…');
  return goesOn && (isTrailing || end > afterMarks) ? -1 : end;
}

/** Returns the end of the stage direction in parentheses that begins at `start`; -1 if none does. */
function endOfStageDirection(text: string, start: number): number {
  if (text[start] !== '(') return -1;
  const close = text.slice(start, start + STAGE_DIRECTION_MAX_CHARACTERS).indexOf(')');
  return close === -1 ? -1 : start + close + 1;
}

/**
 * Returns where to cut an overlong sentence at or before `index`: after punctuation, else at a space, else at `index`;
 * -1 if `index` is inside a grapheme cluster.
 */
function forcedEnd(text: string, index: number): number {
  // A bounded look-back keeps the work linear for text without any place to cut.
  const earliest = index - SENTENCE_MAX_CHARACTERS / 2;
  let space = -1;
  for (let i = index; i > earliest; i--) {
    const code = text.charCodeAt(i - 1);
    if (PAUSES.has(code) && isSafeCut(text, i) && characterKind(text.charCodeAt(i)) !== DIGIT) return i;
    if (space === -1 && isSpace(code)) space = i;
  }
  if (space !== -1) return space;
  return isSafeCut(text, index) ? index : -1;
}

/** Returns the end of the fenced code block that begins at `start`; -1 if none does. A code block is one sentence. */
function endOfFence(text: string, start: number): number {
  if (!text.startsWith('```', start)) return -1;
  const close = text.indexOf('\n```', start + 3);
  return close === -1 ? text.length : close + 4;
}

/** The quotation that begins at `index` of a sentence that begins at `start`; -1 if none does, or it is too long. */
function endOfShortQuotation(text: string, start: number, index: number): number {
  const end = endOfQuotation(text, index);
  return end - start > SENTENCE_MAX_CHARACTERS ? -1 : end;
}

/** Returns the end of the sentence that begins at `start`, trailing white space possibly included. */
function sentenceEnd(text: string, start: number): number {
  const special = Math.max(endOfFence(text, start), endOfStageDirection(text, start));
  if (special !== -1) return special;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === NEWLINE) return i;
    const closed = opensQuotation(code) ? endOfShortQuotation(text, start, i) : -1;
    const end = closed === -1 ? endAt(text, i, code) : endAfterQuotation(text, start, i, closed);
    if (end !== -1) return end;
    i = Math.max(i, closed - 1);
    const cut = i - start >= SENTENCE_MAX_CHARACTERS ? forcedEnd(text, i) : -1;
    if (cut !== -1) return cut;
  }
  return text.length;
}

/** Returns the end of the sentence if it is over with the quotation in `opened..closed`, else -1. */
function endAfterQuotation(text: string, start: number, opened: number, closed: number): number {
  return endsWithQuotation(text, { start, opened, closed }, isTerminator) ? closed : -1;
}

function isTerminator(code: number): boolean {
  return TERMINATORS.has(code) || WIDE_TERMINATORS.has(code);
}

/** Returns the end of the sentence if the code unit at `index` terminates it, else -1. */
function endAt(text: string, index: number, code: number): number {
  // 33 is "!" and 63 is "?". Comparing ASCII directly avoids a set lookup for almost every character.
  if (code < 128 ? code === 33 || code === DOT || code === 63 : TERMINATORS.has(code)) {
    return endAfterTerminator(text, index);
  }
  if (code < 128 || !WIDE_TERMINATORS.has(code)) return -1;
  return skipIn(CLOSERS, text, skipIn(WIDE_TERMINATORS, text, index));
}

/**
 * Returns the sentences of `text` in order, without surrounding white space. Together they cover everything but white
 * space. A line break ends a sentence, except within a code block or a stage direction. Time is linear in the text's
 * length.
 */
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

/** Whether a mark that ends sentences stands before `end`, and perhaps what closes them. */
export function isFinishedAt(text: string, end: number): boolean {
  let i = end;
  while (i > 0 && CLOSERS.has(text.charCodeAt(i - 1))) i--;
  return i > 0 && isTerminator(text.charCodeAt(i - 1));
}

/** Whether nothing suggests that a sentence was cut at `end`: a mark stands there, or the text begins. */
function isWholeAt(text: string, end: number): boolean {
  return end === 0 || isTerminator(text.charCodeAt(end - 1)) || CLOSERS.has(text.charCodeAt(end - 1));
}

/** Whether a sentence that was too long goes on at `start`, on the same line. */
export function continuesAt(text: string, start: number): boolean {
  let i = start;
  while (i > 0 && isSpace(text.charCodeAt(i - 1))) if (text.charCodeAt(--i) === NEWLINE) return false;
  // What a summary left out, or what trails off, need not be a part of the sentence.
  return text[i - 1] === '…' ? isLowerCase(text.charCodeAt(start)) : !isWholeAt(text, i);
}

/** Whether a sentence that was too long is cut at `end` and goes on, on the same line. */
export function isCutAt(text: string, end: number): boolean {
  let i = end;
  while (i < text.length && isSpace(text.charCodeAt(i))) if (text.charCodeAt(i++) === NEWLINE) return false;
  return i < text.length && !isWholeAt(text, end);
}

/** Whether a whole sentence is a stage direction, as in "(laughter)". */
export function isStageDirection(text: string, span: Span): boolean {
  return text[span.start] === '(' && text[span.end - 1] === ')';
}
