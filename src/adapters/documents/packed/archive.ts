/** Takes files out of a ZIP, within limits that are counted as they inflate, whatever the archive declares. */
import { crc32 } from 'node:zlib';
import { type Entry, fromBufferPromise, getFileNameLowLevel, validateFileName, type ZipFile } from 'yauzl';
import { DomainError } from '#domain/shared/domain-error.ts';
import { tooLarge, unreadable } from '../shared/refusals.ts';

/** Sizes are bytes. `ratio` is what comes out for each byte that goes in, of the archive and of each file. */
export type ArchiveLimits = Readonly<{ entries: number; entryBytes: number; totalBytes: number; ratio: number }>;

const MB = 1_000_000;
export const ARCHIVE_LIMITS: ArchiveLimits = { entries: 1_000, entryBytes: 50 * MB, totalBytes: 200 * MB, ratio: 100 };
/** Less than this is no bomb, however tightly it was packed: short files repeat themselves. */
const RATIO_FROM_BYTES = MB;

/** The kind of a file in the upper half of its attributes, as Unix has it. 0 is unknown. */
const FILE_TYPES = 0xf000;
const [PLAIN_FILE, FOLDER] = [0x8000, 0x4000];
/** Marks that let a name look as another one: controls, and what changes the direction of writing. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused.
const UNSAFE_IN_NAMES = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

export type ArchiveFile = Readonly<{ name: string; bytes: Uint8Array }>;
type NamedEntry = Readonly<{ name: string; entry: Entry }>;

/**
 * Yields the files that are `wanted`, one at a time. Every name is looked at before the first file is taken out. Other
 * refusals may come after some files.
 */
export async function* filesIn(
  bytes: Uint8Array,
  wanted: (name: string) => boolean,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): AsyncIterable<ArchiveFile> {
  try {
    const archive = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), {
      decodeStrings: false,
      validateEntrySizes: false,
      autoClose: false,
    });
    let total = 0;
    for (const { name, entry } of await checkedEntries(archive, limits)) {
      if (!wanted(name)) continue;
      const content = await inflated(archive, entry, limits, { total, packed: bytes.length });
      total += content.length;
      yield { name, bytes: content };
    }
  } catch (error) {
    // What the package and the decompression throw says that the archive is not as it should be.
    throw error instanceof DomainError ? error : unreadable('broken');
  }
}

async function checkedEntries(archive: ZipFile, limits: ArchiveLimits): Promise<readonly NamedEntry[]> {
  const entries: NamedEntry[] = [];
  let count = 0;
  for await (const entry of archive.eachEntry()) {
    if (++count > limits.entries) throw tooLarge('entries', limits.entries);
    const name = checkedName(entry);
    const type = (entry.externalFileAttributes >>> 16) & FILE_TYPES;
    if (type !== 0 && type !== PLAIN_FILE && type !== FOLDER) throw unreadable('link');
    if (entry.isEncrypted()) throw unreadable('encrypted');
    if (!name.endsWith('/')) entries.push({ name, entry });
  }
  return entries;
}

function checkedName(entry: Entry): string {
  const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  if (name === '' || validateFileName(name) !== null || UNSAFE_IN_NAMES.test(name)) throw unreadable('unsafe_name');
  return name;
}

type SoFar = Readonly<{ total: number; packed: number }>;

async function inflated(archive: ZipFile, entry: Entry, limits: ArchiveLimits, soFar: SoFar): Promise<Uint8Array> {
  if (!entry.canDecodeFileData()) throw unreadable('compression');
  const chunks: Buffer[] = [];
  let size = 0;
  const stream = await archive.openReadStreamPromise(entry);
  // Leaving the loop destroys the stream, and with it the decompression.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    checkSize(size, entry.compressedSize, limits, soFar);
    chunks.push(chunk);
  }
  const content = Buffer.concat(chunks);
  if (size !== entry.uncompressedSize || crc32(content) !== entry.crc32) throw unreadable('broken');
  return content;
}

/** Entries may share their bytes, so that the ratio is also that of the whole archive. */
function checkSize(size: number, packedSize: number, limits: ArchiveLimits, { total, packed }: SoFar): void {
  if (isTooTight(size, packedSize, limits) || isTooTight(total + size, packed, limits))
    throw tooLarge('ratio', limits.ratio);
  if (size > limits.entryBytes) throw tooLarge('entry_bytes', limits.entryBytes);
  if (total + size > limits.totalBytes) throw tooLarge('unpacked_bytes', limits.totalBytes);
}

function isTooTight(size: number, packedSize: number, { ratio }: ArchiveLimits): boolean {
  return size > RATIO_FROM_BYTES && size > packedSize * ratio;
}
