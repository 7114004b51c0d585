/** Reads EPUB: its chapters in the order of the book's spine, each with the headings that it has. */
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { readHtmlChapter } from '../markup/html.ts';
import { heading } from '../shared/blocks.ts';
import { decodeText } from '../shared/decoding.ts';
import { ARCHIVE_LIMITS, filesIn } from './archive.ts';
import { labelsIn, packageIn } from './epub-package.ts';

const TEXT_MAX_BYTES = 50_000_000;
const LIMITS = { ...ARCHIVE_LIMITS, totalBytes: TEXT_MAX_BYTES };
const READ = /\.(?:xml|opf|ncx|x?html?)$/i;

export async function readEpub(bytes: Uint8Array): Promise<readonly ReadBlock[]> {
  const files = new Map<string, Uint8Array>();
  for await (const file of filesIn(bytes, (name) => READ.test(name), LIMITS)) files.set(file.name, file.bytes);
  const book = packageIn(files);
  const labels = labelsIn(files, book);
  return book.chapters.flatMap((path) => chapterBlocks(files.get(path), labels.get(path)));
}

/** A chapter that is missing from the archive was taken out of it, as publishers do with covers. */
function chapterBlocks(bytes: Uint8Array | undefined, label: string | undefined): readonly ReadBlock[] {
  if (bytes === undefined) return [];
  const blocks = readHtmlChapter(decodeText(bytes));
  if (label === undefined || blocks.length === 0 || blocks.some(({ kind }) => kind === 'heading')) return blocks;
  return [heading(1, label), ...blocks];
}
