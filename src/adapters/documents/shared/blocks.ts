/** Makes blocks of what readers find, and takes out of them what no store and no terminal should be given. */
import { type ContentBlock, NO_PLACE, type Place, type ReadBlock } from '#domain/retrieval/read-block.ts';

export function heading(level: number, text: string, place: Place = NO_PLACE): ReadBlock {
  return { kind: 'heading', level, text, place };
}

export function paragraph(text: string, place: Place = NO_PLACE): ContentBlock {
  return { kind: 'paragraph', text, place };
}

export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  place: Place = NO_PLACE,
): ContentBlock {
  return { kind: 'table', header, rows, place };
}

/** Everything that is shown as nothing but moves a cursor or ends a string, but tabs and line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Returns a text without control characters and halves of surrogate pairs. */
function cleanText(text: string): string {
  return text.replace(CONTROLS, '').toWellFormed();
}

export function cleanBlock(block: ReadBlock): ReadBlock {
  const { pageLabel } = block.place;
  const place = { ...block.place, pageLabel: pageLabel === null ? null : cleanText(pageLabel) };
  if (block.kind !== 'table') return { ...block, place, text: cleanText(block.text) };
  return { ...block, place, header: block.header.map(cleanText), rows: block.rows.map((row) => row.map(cleanText)) };
}

export function hasText(block: ReadBlock): boolean {
  if (block.kind !== 'table') return block.text.trim() !== '';
  return [block.header, ...block.rows].some((row) => row.some((cell) => cell.trim() !== ''));
}
