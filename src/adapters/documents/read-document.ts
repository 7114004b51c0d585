/** Reads a document of any kind into blocks. It takes and returns plain data, so that a worker thread can do it. */
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { cleanBlock, hasText } from './blocks.ts';
import { decodeText } from './decoding.ts';
import { type DocumentKind, kindOf } from './kind.ts';
import { tooLarge, unreadable } from './refusals.ts';

/** A file by its bytes and, if it has one, its name. */
export type DocumentFile = Readonly<{ bytes: Uint8Array; name: string }>;

/** `notes` say what could not be read of it: "page 12 has no text: scanned?". */
export type DocumentReading = Readonly<{
  kind: DocumentKind;
  blocks: readonly ReadBlock[];
  notes: readonly string[];
}>;

type Reader = (bytes: Uint8Array) => Promise<Pick<DocumentReading, 'blocks' | 'notes'>>;
type TextReader = (text: string) => readonly ReadBlock[];

const MIB = 1024 * 1024;

/** Readers are loaded when they are needed: their packages are large, and most processes read nothing. */
const READERS: Readonly<Partial<Record<DocumentKind, Readonly<{ maxBytes: number; read: Reader }>>>> = {
  html: { maxBytes: 5 * MIB, read: fromText(async () => (await import('./html.ts')).readHtml) },
  vtt: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./captions.ts')).readCaptions) },
  srt: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./captions.ts')).readCaptions) },
  csv: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./csv.ts')).readCsv) },
  xml: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./xml-records.ts')).readXml) },
  markdown: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./markdown.ts')).readMarkdown) },
  text: { maxBytes: 20 * MIB, read: fromText(async () => (await import('./text.ts')).readText) },
};

function fromText(load: () => Promise<TextReader>): Reader {
  return async (bytes) => ({ blocks: (await load())(decodeText(bytes)), notes: [] });
}

/**
 * Refuses what is no document (`unsupported_document`), too large (`document_too_large`), or broken, encrypted, or
 * without any text (`unreadable`).
 */
export async function readDocument({ bytes, name }: DocumentFile): Promise<DocumentReading> {
  const kind = kindOf(bytes, name);
  // `documentsIn` takes an archive apart, so that one which comes here was in another one.
  if (kind === 'zip') throw unreadable('nested');
  const reader = READERS[kind];
  if (reader === undefined) throw retrievalErrors.unsupportedDocument({ kind });
  const { maxBytes, read } = reader;
  if (bytes.length > maxBytes) throw tooLarge('bytes', maxBytes);
  const { blocks, notes } = await read(bytes);
  const clean = blocks.map(cleanBlock).filter(hasText);
  if (clean.length === 0) throw unreadable('no_text');
  return { kind, blocks: clean, notes };
}
