/** Reads a document of any kind into blocks. It takes and returns plain data, so that a worker thread can do it. */
import type { DocumentKind } from '#domain/library/document.ts';
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { type FileKind, kindOf } from './kind.ts';
import { cleanBlock, hasText } from './shared/blocks.ts';
import { decodeText } from './shared/decoding.ts';
import { tooLarge, unreadable } from './shared/refusals.ts';

/** A file by its bytes and, if it has one, its name. */
export type DocumentFile = Readonly<{ bytes: Uint8Array; name: string }>;

/** `notes` say what could not be read of it: "page 12 has no text: scanned?". */
export type DocumentReading = Readonly<{
  kind: DocumentKind;
  blocks: readonly ReadBlock[];
  notes: readonly string[];
  /** Null in a document without pages. */
  pages: number | null;
}>;

type Reader = (bytes: Uint8Array) => Promise<Pick<DocumentReading, 'blocks' | 'notes' | 'pages'>>;
type TextReader = (text: string) => readonly ReadBlock[];

const MIB = 1024 * 1024;
const ARCHIVE_MAX_BYTES = 200_000_000;

/** Readers are loaded when they are needed: their packages are large, and most processes read nothing. */
const READERS: Readonly<Record<DocumentKind, Readonly<{ maxBytes: number; read: Reader }>>> = {
  pdf: { maxBytes: ARCHIVE_MAX_BYTES, read: async (bytes) => (await import('./pdf/pdf.ts')).readPdf(bytes) },
  docx: { maxBytes: ARCHIVE_MAX_BYTES, read: fromBytes(async () => (await import('./packed/docx.ts')).readDocx) },
  epub: { maxBytes: ARCHIVE_MAX_BYTES, read: fromBytes(async () => (await import('./packed/epub.ts')).readEpub) },
  html: { maxBytes: 5 * MIB, read: fromText(async () => (await import('./markup/html.ts')).readHtml) },
  vtt: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./text/captions.ts')).readCaptions) },
  srt: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./text/captions.ts')).readCaptions) },
  csv: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./text/csv.ts')).readCsv) },
  xml: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./markup/xml-records.ts')).readXml) },
  markdown: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./text/markdown.ts')).readMarkdown) },
  text: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./text/text.ts')).readText) },
};

function fromBytes(load: () => Promise<(bytes: Uint8Array) => Promise<readonly ReadBlock[]>>): Reader {
  return async (bytes) => ({ blocks: await (await load())(bytes), notes: [], pages: null });
}

function fromText(load: () => Promise<TextReader>): Reader {
  return async (bytes) => ({ blocks: (await load())(decodeText(bytes)), notes: [], pages: null });
}

/** Refuses a file that is larger than what is read of its kind (`document_too_large`). */
export function checkSize(kind: FileKind, bytes: number): void {
  const maxBytes = kind === 'zip' ? ARCHIVE_MAX_BYTES : READERS[kind].maxBytes;
  if (bytes > maxBytes) throw tooLarge('bytes', maxBytes);
}

/**
 * Refuses what is no document (`unsupported_document`), too large (`document_too_large`), or broken, encrypted, or
 * without any text (`unreadable`).
 */
export async function readDocument({ bytes, name }: DocumentFile): Promise<DocumentReading> {
  const kind = kindOf(bytes, name);
  // `documentsIn` takes an archive apart, so that one which comes here was in another one.
  if (kind === 'zip') throw unreadable('nested');
  checkSize(kind, bytes.length);
  const { read } = READERS[kind];
  const { blocks, notes, pages } = await read(bytes);
  const clean = blocks.map(cleanBlock).filter(hasText);
  if (clean.length === 0) throw unreadable('no_text');
  return { kind, blocks: clean, notes, pages };
}
