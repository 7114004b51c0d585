/** What a passage is put together from: paragraphs and tables, and parts of those that are too long. */
import { sentencesOf } from '#domain/text/sentences.ts';
import type { ContentBlock, ParagraphBlock, Place, TableBlock } from './read-block.ts';
import { PASSAGE_MIN_WORDS, type SectionGroup } from './section-groups.ts';
import { type Content, type Heading, headingPlace, rowWords, type Section, sharedDepth } from './sections.ts';
import { wordCount } from './word-count.ts';

/** What has more words is divided. */
export const PASSAGE_MAX_WORDS = 400;
/** Words of a part of what is divided, so that it still fits with small things on both sides of it. */
const PART_MAX_WORDS = PASSAGE_MAX_WORDS - 2 * (PASSAGE_MIN_WORDS - 1);
/** A header of more words is not repeated: a hostile one would multiply what is stored. */
const HEADER_MAX_WORDS = 60;

/** What stays together in one passage. The later parts of what was divided begin a passage each. */
export type Unit = Readonly<{ text: string; words: number; place: Place; begins: boolean }>;

/** Returns the contents of a group in order. Headings that the group's path does not name are part of the text. */
export function* unitsOf({ path, sections }: SectionGroup): Iterable<Unit> {
  let before = path;
  for (const section of sections) {
    yield* sectionUnits(section, section.path.slice(sharedDepth(before, section.path)));
    before = section.path;
  }
}

function* sectionUnits({ path, contents }: Section, headings: readonly Heading[]): Iterable<Unit> {
  let open = headings.length === 0 ? null : titlesOf(headings, headingPlace(path));
  for (const content of contents) {
    for (const unit of contentUnits(content)) {
      if (open === null) yield unit;
      else yield* under(open, unit);
      open = null;
    }
  }
  if (open !== null) yield* asParagraphs(open);
}

function titlesOf(headings: readonly Heading[], place: Place): Unit {
  const words = headings.reduce((sum, heading) => sum + heading.words, 0);
  return { text: headings.map(({ title }) => title).join('\n\n'), words, place, begins: false };
}

/** A heading is not parted from what follows it, unless both together are too long. */
function* under(heading: Unit, unit: Unit): Iterable<Unit> {
  const words = heading.words + unit.words;
  if (words <= PASSAGE_MAX_WORDS)
    yield { text: `${heading.text}\n\n${unit.text}`, words, place: unit.place, begins: false };
  else yield* [...asParagraphs(heading), unit];
}

function asParagraphs({ text, words, place }: Unit): Iterable<Unit> {
  return contentUnits({ block: { kind: 'paragraph', text, place }, words });
}

function contentUnits({ block, words }: Content): Iterable<Unit> {
  if (words <= PASSAGE_MAX_WORDS) return [{ text: textOf(block), words, place: block.place, begins: false }];
  return beginning(block.kind === 'paragraph' ? paragraphParts(block) : tableParts(block));
}

type Part = Omit<Unit, 'begins'>;

function* beginning(parts: Iterable<Part>): Iterable<Unit> {
  let begins = false;
  for (const part of parts) {
    yield { ...part, begins };
    begins = true;
  }
}

function textOf(block: ContentBlock): string {
  if (block.kind === 'paragraph') return block.text.trim();
  return tableText(block.header, block.rows);
}

function tableText(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return (header.length === 0 ? rows : [header, ...rows]).map(lineOf).join('\n');
}

function lineOf(row: readonly string[]): string {
  return row.map((cell) => cell.replace(/\s+/gu, ' ').trim()).join(' | ');
}

/** Divides a paragraph after sentences; one that is too long is cut as `sentencesOf` cuts it. */
function* paragraphParts({ text, place }: ParagraphBlock): Iterable<Part> {
  const spans = sentencesOf(text).map((span) => ({
    ...span,
    words: wordCount(text.slice(span.start, span.end)),
    begins: false,
  }));
  for (const part of parted(spans, PART_MAX_WORDS)) {
    const words = part.reduce((sum, span) => sum + span.words, 0);
    yield { text: text.slice(part[0]!.start, part.at(-1)!.end), words, place };
  }
}

function* tableParts({ header, rows, place }: TableBlock): Iterable<Part> {
  const headerWords = rowWords(header);
  const repeats = headerWords <= HEADER_MAX_WORDS;
  const counted = (repeats ? rows : [header, ...rows]).map((row) => ({ row, words: rowWords(row), begins: false }));
  const room = PART_MAX_WORDS - (repeats ? headerWords : 0);
  for (const part of parted(counted, room)) {
    const text = tableText(
      repeats ? header : [],
      part.map(({ row }) => row),
    );
    const words = part.reduce((sum, row) => sum + row.words, repeats ? headerWords : 0);
    if (words <= PASSAGE_MAX_WORDS) yield { text, words, place };
    else yield* paragraphParts({ kind: 'paragraph', text, place });
  }
}

/** Fills parts up to `max` words. What is small goes on, and a small rest stays with the part before it. */
export function parted<T extends Pick<Unit, 'words' | 'begins'>>(items: readonly T[], max: number): readonly T[][] {
  const parts: { items: T[]; words: number }[] = [];
  for (const item of items) {
    const last = parts.at(-1);
    if (last === undefined || (last.words >= PASSAGE_MIN_WORDS && (item.begins || last.words + item.words > max)))
      parts.push({ items: [item], words: item.words });
    else {
      last.items.push(item);
      last.words += item.words;
    }
  }
  const rest = parts.at(-1);
  if (parts.length > 1 && rest!.words < PASSAGE_MIN_WORDS) {
    parts.pop();
    for (const item of rest!.items) parts.at(-1)!.items.push(item);
  }
  return parts.map((part) => part.items);
}
