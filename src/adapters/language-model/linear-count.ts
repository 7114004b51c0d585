/** Makes the work of a byte-pair tokenizer linear: it is quadratic in the length of a run without a break. */

/** Returns the number of tokens of a text. */
export type CountTokens = (text: string) => number;

/** The longest run, and the longest piece of a longer one, in UTF-16 code units. */
export const PIECE_MAX_UNITS = 128;
/** A text is counted in segments of about so many code units, cut where no token can span the cut. */
export const SEGMENT_UNITS = 4_096;

/**
 * Every token lies within a few neighbouring runs of these: line ends and slashes, letters with marks, white space,
 * and all other characters; of digits it has at most three, so that they are cut at a multiple of that.
 */
const RUNS = /[\r\n/]+|[\p{L}\p{M}]+|\s+|[^\s\p{L}\p{N}]+|\p{N}{1,120}/gu;

/**
 * Wraps a counter so that its work is linear in the length of the text. Counts are exact where every run has at most
 * `PIECE_MAX_UNITS` code units, as in prose; a longer run is counted in pieces of that length, which can add one token
 * for each piece.
 */
export function linearCount(count: CountTokens): CountTokens {
  return (text) => {
    if (text.length <= PIECE_MAX_UNITS) return count(text);
    let tokens = 0;
    for (const segment of segmentsOf(text)) tokens += count(text.length > SEGMENT_UNITS ? detached(segment) : segment);
    return tokens;
  };
}

/**
 * A copy that shares no memory with the text that it was cut from: the tokenizer caches words of its input, and each
 * would keep the whole text alive.
 */
function detached(segment: string): string {
  return Buffer.from(segment, 'utf16le').toString('utf16le');
}

/** Cuts a text into what is counted at once. */
function* segmentsOf(text: string): Generator<string> {
  let from = 0;
  let at = 0;
  while (text.length - at > PIECE_MAX_UNITS) {
    const next = lastBreak(text, at, at + PIECE_MAX_UNITS);
    if (next !== at && next - from <= SEGMENT_UNITS) {
      at = next;
      continue;
    }
    if (at > from) yield text.slice(from, at);
    from = at;
    if (next !== at) continue;
    at = firstBreak(text, at + PIECE_MAX_UNITS);
    yield* piecesOf(text.slice(from, at));
    from = at;
  }
  if (from < text.length) yield text.slice(from);
}

/** Whether a space begins at `index` that follows no other white space: no token of any vocabulary spans that place. */
function isBreak(text: string, index: number): boolean {
  return text.charCodeAt(index) === 0x20 && /\S/u.test(text.charAt(index - 1));
}

/** Returns the last break in `after + 1..end`, or `after` if there is none. */
function lastBreak(text: string, after: number, end: number): number {
  for (let index = end; index > after; index--) if (isBreak(text, index)) return index;
  return after;
}

/** Returns the first break from `from` on, or the end of the text. */
function firstBreak(text: string, from: number): number {
  let index = from;
  while (index < text.length && !isBreak(text, index)) index++;
  return index;
}

/** Cuts a stretch without breaks into segments, and inside its long runs. */
function* piecesOf(stretch: string): Generator<string> {
  let from = 0;
  for (const { 0: run, index } of stretch.matchAll(RUNS)) {
    const length = index - from;
    if (length > 2 * SEGMENT_UNITS || (length > SEGMENT_UNITS && isAfterWord(stretch, index))) {
      yield stretch.slice(from, index);
      from = index;
    }
    const end = index + run.length;
    for (let cut = index + PIECE_MAX_UNITS; cut < end; cut = from + PIECE_MAX_UNITS) {
      const whole = isInsidePair(stretch, cut) ? cut - 1 : cut;
      yield stretch.slice(from, whole);
      from = whole;
    }
  }
  yield stretch.slice(from);
}

/** Whether a run begins behind a word, where no token spans the cut unless it is a contraction, as in "it's". */
function isAfterWord(stretch: string, index: number): boolean {
  return stretch.charAt(index) !== "'" && /\p{L}/u.test(stretch.charAt(index - 1));
}

/** Whether a cut at `index` would part the halves of a surrogate pair. */
function isInsidePair(text: string, index: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(index - 1, index + 1));
}
