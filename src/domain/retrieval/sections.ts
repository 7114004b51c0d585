/** Cuts a document into sections: what stands between one heading and the next. */
import { beginningOf } from '#domain/text/characters.ts';
import { type ContentBlock, type HeadingBlock, NO_PLACE, type Place, type ReadBlock } from './read-block.ts';
import { wordCount } from './word-count.ts';

/** Deeper headings count as of this level: a path is repeated with each passage, so it must not grow without bounds. */
const LEVEL_MAX = 9;
/** What is longer is no title: it is kept as a paragraph, and its beginning stands for it in paths. */
const TITLE_MAX_CHARACTERS = 200;

/** A heading that stands over a section. Two are the same only if they are the same object. */
export type Heading = Readonly<{ level: number; title: string; words: number; place: Place }>;

/** Content with the number of its words, which is counted once. */
export type Content = Readonly<{ block: ContentBlock; words: number }>;

/** `path` has the headings above it and its own, uppermost first. `words` are those of its contents. */
export type Section = Readonly<{ path: readonly Heading[]; contents: readonly Content[]; words: number }>;

/**
 * Returns the sections in order. One without contents is left out where a deeper heading follows, whose path names it.
 */
export function sectionsOf(blocks: Iterable<ReadBlock>): readonly Section[] {
  const sections: Section[] = [];
  let [path, contents]: [readonly Heading[], Content[]] = [[], []];
  const end = () => {
    if (path.length > 0 || contents.length > 0) sections.push({ path, contents, words: sumOf(contents) });
    contents = [];
  };
  for (const block of blocks) {
    if (block.kind !== 'heading') {
      const words = contentWords(block);
      if (words > 0) contents.push({ block, words });
      continue;
    }
    const title = oneLine(block.text);
    if (title === '') continue;
    end();
    path = [...above(path, levelOf(block)), headingOf(block, title)];
    if (title.length > TITLE_MAX_CHARACTERS) contents.push(asContent(block));
  }
  end();
  return sections.filter((section, index) => !isNamedByNext(section, sections[index + 1]));
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

function levelOf({ level }: HeadingBlock): number {
  return Math.min(Math.max(1, level), LEVEL_MAX);
}

function above(path: readonly Heading[], level: number): readonly Heading[] {
  return path.filter((heading) => heading.level < level);
}

function headingOf(block: HeadingBlock, text: string): Heading {
  const title = text.length > TITLE_MAX_CHARACTERS ? `${beginningOf(text, TITLE_MAX_CHARACTERS)}…` : text;
  return { level: levelOf(block), title, words: wordCount(title), place: block.place };
}

function asContent({ text, place }: HeadingBlock): Content {
  return { block: { kind: 'paragraph', text, place }, words: wordCount(text) };
}

function contentWords(block: ContentBlock): number {
  if (block.kind === 'paragraph') return wordCount(block.text);
  return rowWords(block.header) + block.rows.reduce((sum, row) => sum + rowWords(row), 0);
}

export function rowWords(row: readonly string[]): number {
  return row.reduce((sum, cell) => sum + wordCount(cell), 0);
}

function sumOf(contents: readonly Content[]): number {
  return contents.reduce((sum, { words }) => sum + words, 0);
}

function isNamedByNext({ path, contents }: Section, next: Section | undefined): boolean {
  return contents.length === 0 && next !== undefined && sharedDepth(path, next.path) === path.length;
}

/** Returns how many headings two paths have in common, from the uppermost on. */
export function sharedDepth(one: readonly Heading[], other: readonly Heading[]): number {
  let depth = 0;
  while (depth < one.length && one[depth] === other[depth]) depth++;
  return depth;
}

/** The place where a section without contents begins. */
export function headingPlace(path: readonly Heading[]): Place {
  return path.at(-1)?.place ?? NO_PLACE;
}
