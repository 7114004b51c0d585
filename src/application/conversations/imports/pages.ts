/** Divides the lines of a file into pages: each is in memory at once, and is written in a unit of work of its own. */
import type { ImportedLine } from '#domain/conversations/imported.ts';

const LINES_PER_PAGE = 200;
const BYTES_PER_PAGE = 256 * 1024;
/**
 * A page ends before no result of a tool, if it is not this many times too long: a call and its results stay together.
 */
const LONGEST = 4;

type Fullness = Readonly<{ lines: number; bytes: number }>;

/** The lines in order, in pages of one line at least. A file without lines has no page. */
export async function* pagesOf(lines: AsyncIterable<ImportedLine>): AsyncGenerator<readonly ImportedLine[]> {
  let page: ImportedLine[] = [];
  let bytes = 0;
  for await (const line of lines) {
    if (page.length > 0 && endsBefore(line, { lines: page.length, bytes: bytes + line.bytes })) {
      yield page;
      [page, bytes] = [[], 0];
    }
    page.push(line);
    bytes += line.bytes;
  }
  if (page.length > 0) yield page;
}

function endsBefore({ value }: ImportedLine, { lines, bytes }: Fullness): boolean {
  const longest = value.kind === 'message' && value.role === 'tool' ? LONGEST : 1;
  return lines >= longest * LINES_PER_PAGE || bytes > longest * BYTES_PER_PAGE;
}
