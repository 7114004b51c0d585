/** Finds headings among the lines of a PDF: by its outline, else by the size of the font. */
import type { Line } from './columns.ts';
import type { OutlineEntry } from './outline.ts';

/** A heading before the line at `index`; `lines` of them, from there on, are the heading itself. */
export type FoundHeading = Readonly<{ title: string; level: number; index: number; lines: number }>;

/** A heading may be broken into so many lines. */
const LINES_MAX = 4;
/** How much larger than the text a heading is. */
const LARGER = 1.15;
const TITLE_MAX_CHARACTERS = 150;
const LEVELS_MAX = 6;

/** The headings of a page whose lines these are. One that is not found stands where the outline leads to. */
export function outlinedHeadings(
  entries: readonly OutlineEntry[],
  lines: readonly Line[],
  height: number,
): readonly FoundHeading[] {
  let from = 0;
  const found = entries.map(({ title, level, top }): FoundHeading => {
    const match = matchOf(title, lines, from) ?? matchOf(title, lines, 0);
    if (match === undefined) return { title, level, index: indexAt(lines, top === null ? 0 : height - top), lines: 0 };
    from = match.index + match.lines;
    return { title, level, ...match };
  });
  return found.toSorted((a, b) => a.index - b.index);
}

function matchOf(title: string, lines: readonly Line[], from: number) {
  const wanted = letters(title);
  if (wanted === '') return undefined;
  for (let index = from; index < lines.length; index++) {
    let text = '';
    for (let count = 1; count <= LINES_MAX && index + count <= lines.length; count++) {
      text += letters(lines[index + count - 1]!.text);
      if (text === wanted) return { index, lines: count };
      if (!wanted.startsWith(text)) break;
    }
  }
  return undefined;
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

function indexAt(lines: readonly Line[], y: number): number {
  const index = lines.findIndex((line) => line.y >= y);
  return index < 0 ? lines.length : index;
}

/** The levels of font sizes that are larger than most of the text, the largest first. */
export function headingSizes(lines: readonly Line[]): readonly number[] {
  const characters = new Map<number, number>();
  for (const { size, text } of lines) characters.set(step(size), (characters.get(step(size)) ?? 0) + text.length);
  const [[body] = [0]] = [...characters].toSorted((a, b) => b[1] - a[1]);
  return [...characters.keys()].filter((size) => size >= body * LARGER).toSorted((a, b) => b - a);
}

function step(size: number): number {
  return Math.round(size * 2) / 2;
}

/** The headings of a page by the size of its lines; those of one size on lines side by side are one. */
export function sizedHeadings(lines: readonly Line[], sizes: readonly number[]): readonly FoundHeading[] {
  const found: FoundHeading[] = [];
  for (const [index, line] of lines.entries()) {
    const rank = sizes.indexOf(step(line.size));
    if (rank < 0 || line.text.length > TITLE_MAX_CHARACTERS || !/\p{L}/u.test(line.text)) continue;
    const level = Math.min(rank + 1, LEVELS_MAX);
    const last = found.at(-1);
    if (last !== undefined && last.level === level && goesOn(last, index, lines))
      found[found.length - 1] = { ...last, title: `${last.title} ${line.text}`, lines: last.lines + 1 };
    else found.push({ title: line.text, level, index, lines: 1 });
  }
  return found;
}

function goesOn(last: FoundHeading, index: number, lines: readonly Line[]): boolean {
  const [before, line] = [lines[index - 1]!, lines[index]!];
  if (last.index + last.lines !== index || last.lines >= LINES_MAX) return false;
  return before.column === line.column && line.y - before.y < 1.6 * line.size;
}
