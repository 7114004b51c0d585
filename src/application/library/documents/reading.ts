/** The port of reading: what a file is, what is in it, and how long that may take. */
import type { DocumentKind } from '#domain/library/document.ts';
import type { Passage } from '#domain/library/passage.ts';

/** A passage as it is read, before it belongs to a generation. */
export type ReadPassage = Omit<Passage, 'documentId' | 'sourceId' | 'generation'>;

/** What was read of a document. The same bytes give the same passages in the same batches. */
export type Reading = Readonly<{
  /** Null in a document without pages. */
  pages: number | null;
  /** How many passages there are. */
  passages: number;
  /** What could not be read of it: "page 12 has no text: scanned?". */
  notes: readonly string[];
  /** How many batches of passages there are, each as much as is written at a time. */
  batches: number;
  /** The passages of a batch, in reading order. Counts from 0. */
  batch(index: number): readonly ReadPassage[];
}>;

type Bytes = Uint8Array<ArrayBuffer>;

/** A file of an archive. */
export type PackedFile = Readonly<{ name: string; bytes: Bytes }>;

/** What a file is. */
export interface FileKinds {
  /** So many bytes of the beginning of a file are looked at. */
  readonly headBytes: number;
  /**
   * Tells the kind of a file by its beginning; a name decides only between kinds of text. Throws 415
   * `unsupported_document`, 422 `unreadable` for what is empty, 413 `document_too_large` for what is larger than what
   * is read of its kind.
   */
  kindOf(file: Readonly<{ head: Uint8Array; bytes: number; name: string }>): DocumentKind | 'zip';
}

/**
 * Reads files, one after the other, where no request waits for it, within bounds of time and memory. Throws the
 * refusals of `FileKinds`, and 429 `reading_broke_off` where a bound was met: both are the file's own. `signal` ends
 * it: it throws then.
 */
export interface DocumentReader {
  /** `id`: the document's, of which the ids of its passages are made. The bytes are taken from whoever gives them. */
  read(file: Readonly<{ id: string; kind: DocumentKind; bytes: Bytes }>, signal: AbortSignal): Promise<Reading>;
  /** The names of the files in an archive, once all of it was looked at; its bytes are given back. */
  list(archive: Bytes, signal: AbortSignal): Promise<Readonly<{ names: readonly string[]; archive: Bytes }>>;
  /** The file with this index among those of `list`; the bytes of the archive are given back. */
  take(archive: Bytes, index: number, signal: AbortSignal): Promise<Readonly<{ file: PackedFile; archive: Bytes }>>;
}
