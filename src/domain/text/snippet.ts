/** Cuts the surroundings of what was found out of a text: plain text, and where in it the finds are. */
import { isSafeCut } from './characters.ts';
import type { Span } from './sentences.ts';

/** A piece of a text. It is plain text: whoever shows it must escape it as any other. */
export type Snippet = Readonly<{
  text: string;
  /** Code units of `text` where something was found; they do not overlap, and are in order. */
  highlights: readonly Span[];
}>;

const MAX_CHARACTERS = 240;
const CHARACTERS_BEFORE = 60;
/** How far a cut is moved to stand between words. */
const WORD_MAX_CHARACTERS = 24;
const LEFT_OUT = '…';

/** The piece with the most finds in it, the first of several; the beginning of the text where nothing was found. */
export function snippetOf(text: string, found: readonly Span[]): Snippet {
  const first = densest(found);
  const start = first === undefined ? 0 : cutBefore(text, Math.max(0, first.start - CHARACTERS_BEFORE));
  const end = cutBefore(text, Math.min(text.length, start + MAX_CHARACTERS));
  const before = start > 0 ? LEFT_OUT : '';
  const after = end < text.length ? LEFT_OUT : '';
  const shift = before.length - start;
  const inside = apart(found.filter((span) => span.start >= start && span.end <= end));
  return {
    text: `${before}${text.slice(start, end)}${after}`,
    highlights: inside.map((span) => ({ start: span.start + shift, end: span.end + shift })),
  };
}

/** The find after which, in the length of a snippet, most others follow. */
function densest(found: readonly Span[]): Span | undefined {
  let [best, most, end] = [found[0], 0, 0];
  for (const [index, span] of found.entries()) {
    while (end < found.length && (found[end] as Span).end <= span.start + MAX_CHARACTERS - CHARACTERS_BEFORE) end++;
    if (end - index > most) [best, most] = [span, end - index];
  }
  return best;
}

/** The nearest place at or before `index` that stands between words, or at least splits no character. */
function cutBefore(text: string, index: number): number {
  if (index === 0 || index === text.length) return index;
  for (let cut = index; cut > Math.max(0, index - WORD_MAX_CHARACTERS); cut--)
    if (/\s/u.test(text[cut - 1] as string)) return cut;
  let cut = index;
  while (!isSafeCut(text, cut)) cut--;
  return cut;
}

/** Spans that touch or overlap are one. */
function apart(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last === undefined || span.start > last.end) merged.push(span);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end) };
  }
  return merged;
}
