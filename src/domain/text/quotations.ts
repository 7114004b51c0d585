/** Finds quotations that stay in one sentence with the words that say whose they are. */
import { characterKind, UNSPACED } from './characters.ts';

/** A quotation that closes later than this is read like any other text. */
const QUOTATION_MAX_CHARACTERS = 200;

const CLOSING: ReadonlyMap<number, string> = new Map(
  [
    ['「', '」'],
    ['『', '』'],
    ['«', '»'],
    ['“', '”'],
  ].map(([open, close]) => [open!.charCodeAt(0), close!]),
);

/** Whether a code unit can open a quotation. */
export function opensQuotation(code: number): boolean {
  // No opening mark is below "«", so that almost every character is spared the look-up.
  return code >= 0xab && CLOSING.has(code);
}

/**
 * Returns the end of the quotation that begins at `start`, on one line; -1 if none does. Typographic double quotes
 * count in scripts without spaces only: elsewhere a speech of several sentences is told apart better.
 */
export function endOfQuotation(text: string, start: number): number {
  const closing = CLOSING.get(text.charCodeAt(start));
  if (closing === undefined) return -1;
  if (closing === '”' && characterKind(text.charCodeAt(start + 1) || 32) !== UNSPACED) return -1;
  const inside = text.slice(start + 1, start + QUOTATION_MAX_CHARACTERS);
  const close = inside.indexOf(closing);
  return close === -1 || inside.lastIndexOf('\n', close) !== -1 ? -1 : start + 1 + close + 1;
}

/**
 * Whether a sentence that began at `start` is over with its quotation in `opened..closed`: the quotation ends with a
 * mark, and nothing after it says whose it is. `isTerminator` is asked of code units.
 */
export function endsWithQuotation(
  text: string,
  { start, opened, closed }: Readonly<{ start: number; opened: number; closed: number }>,
  isTerminator: (code: number) => boolean,
): boolean {
  let last = closed - 2;
  while (last > opened && /\s/u.test(text[last]!)) last--;
  if (!isTerminator(text.charCodeAt(last))) return false;
  const next = text[closed];
  if (next === undefined || next === '\n' || CLOSING.has(next.charCodeAt(0))) return true;
  if (/\s/u.test(next)) return !/^\s+\p{Ll}/u.test(text.slice(closed, closed + 4));
  // "「…。」と言った" and "“…。”他说" go on; in "他说：“…。”" it was said before whose words they are.
  return characterKind(next.charCodeAt(0)) === UNSPACED && opened > start && next !== 'と';
}

const QUOTATION_MARKS = /["“”„「」『』]/gu;
const OPENING = new Set(['„', '「', '『']);

/** Whether a quotation begins with the mark at `index`, where `opened` is the last that is not closed. */
function opens(text: string, index: number, opened: string | undefined): boolean {
  const mark = text[index]!;
  // German closes with the mark that English opens with.
  if (mark !== '"') return mark === '“' ? opened !== '„' : OPENING.has(mark);
  if (/[\s([]/u.test(text[index - 1] ?? ' ')) return true;
  return !/[\s.,;:!?)\]}]/u.test(text[index + 1] ?? ' ') && opened === undefined;
}

/** Whether a text begins within a quotation that it closes, and whether it ends within one that it opens. */
export function openEnds(text: string): Readonly<{ before: boolean; after: boolean }> {
  let before = false;
  const opened: string[] = [];
  for (const { 0: mark, index } of text.matchAll(QUOTATION_MARKS)) {
    if (opens(text, index, opened.at(-1))) opened.push(mark);
    else if (opened.pop() === undefined) before = true;
  }
  return { before, after: opened.length > 0 };
}
