/** The documents in a file: the files of a ZIP, or the one that it is. */
import { kindOf } from './kind.ts';
import { filesIn } from './packed/archive.ts';
import type { DocumentFile } from './read-document.ts';
import { tooLarge, unreadable } from './shared/refusals.ts';

const ARCHIVE_MAX_BYTES = 200_000_000;
/** What operating systems put into archives by themselves. */
const BY_THEMSELVES = /(?:^|\/)(?:__MACOSX\/.*|\.DS_Store|Thumbs\.db|desktop\.ini)$/;

/**
 * Yields them one at a time. Refuses an archive that is too large, unsafe or broken, and one with an archive in it. Of
 * a refused one some documents may have come before.
 */
export async function* documentsIn(file: DocumentFile): AsyncIterable<DocumentFile> {
  if (kindOf(file.bytes, file.name) !== 'zip') {
    yield file;
    return;
  }
  if (file.bytes.length > ARCHIVE_MAX_BYTES) throw tooLarge('bytes', ARCHIVE_MAX_BYTES);
  let count = 0;
  for await (const { name, bytes } of filesIn(file.bytes, (one) => !BY_THEMSELVES.test(one))) {
    if (isArchive(bytes)) throw unreadable('nested');
    count++;
    yield { name, bytes };
  }
  if (count === 0) throw unreadable('empty');
}

/** The file with this index among those that `documentsIn` yields of an archive, which it has looked at before. */
export async function documentAt(bytes: Uint8Array, index: number): Promise<DocumentFile | undefined> {
  let count = 0;
  const isWanted = (name: string) => !BY_THEMSELVES.test(name) && count++ === index;
  for await (const file of filesIn(bytes, isWanted)) return file;
  return undefined;
}

/** Other documents that are refused are so by themselves. */
function isArchive(bytes: Uint8Array): boolean {
  try {
    return kindOf(bytes) === 'zip';
  } catch {
    return false;
  }
}
