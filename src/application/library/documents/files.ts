/** The port of the file store: the originals of documents, under random names. */

/** What was written: under which name, how much, and its digest in hexadecimal. */
export type StoredFile = Readonly<{ name: string; bytes: number; sha256: string }>;

/** A file that is read piece by piece, no faster than the pieces are taken. */
export type OpenedFile = Readonly<{ bytes: number; chunks: AsyncIterable<Uint8Array> }>;

/** `writtenAt`: when it was last written to. */
export type ListedFile = Readonly<{ name: string; writtenAt: Date }>;

/** Each file is written once, as a whole. No unit of work has a part in it. */
export interface Files {
  /**
   * Writes a new file, which lasts from then on. Throws 413 `document_too_large` beyond `maxBytes`, 503
   * `store_unavailable` where there is no room, and whatever reading the chunks throws; nothing of it is left then.
   */
  write(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile>;
  /** At most `maxBytes` of its beginning. Throws 410 `file_missing`. */
  readHead(name: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>>;
  /** All of it. Throws 410 `file_missing`. */
  read(name: string): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws 410 `file_missing`. */
  open(name: string): Promise<OpenedFile>;
  /** Does nothing where there is none. */
  remove(name: string): Promise<void>;
  /** Every file, and what was left behind of those that were being written. */
  list(): Promise<readonly ListedFile[]>;
}
