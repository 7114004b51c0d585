/** Files in memory: gone with the process, as its records are. */
import { createHash, randomBytes } from 'node:crypto';
import type { Files, ListedFile, OpenedFile, StoredFile } from '#application/library/documents/files.ts';
import type { Clock } from '#application/shared/clock.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';

type Stored = Readonly<{ content: Uint8Array; writtenAt: Date }>;

export class MemoryFiles implements Files {
  readonly #clock: Clock;
  readonly #files = new Map<string, Stored>();

  constructor(deps: Readonly<{ clock: Clock }>) {
    this.#clock = deps.clock;
  }

  async write(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile> {
    const [parts, hash] = [[] as Uint8Array[], createHash('sha256')];
    let bytes = 0;
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw retrievalErrors.documentTooLarge({ reason: 'bytes', limit: maxBytes });
      hash.update(chunk);
      parts.push(Uint8Array.from(chunk));
    }
    const name = randomBytes(16).toString('hex');
    this.#files.set(name, { content: Buffer.concat(parts), writtenAt: this.#clock.now() });
    return { name, bytes, sha256: hash.digest('hex') };
  }

  async readHead(name: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    return Uint8Array.from(this.#content(name).subarray(0, maxBytes));
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    return Uint8Array.from(this.#content(name));
  }

  async open(name: string): Promise<OpenedFile> {
    const content = this.#content(name);
    async function* chunks() {
      if (content.length > 0) yield content;
    }
    return { bytes: content.length, chunks: chunks() };
  }

  async remove(name: string): Promise<void> {
    this.#files.delete(name);
  }

  async list(): Promise<readonly ListedFile[]> {
    return [...this.#files].map(([name, { writtenAt }]) => ({ name, writtenAt }));
  }

  #content(name: string): Uint8Array {
    const stored = this.#files.get(name);
    if (stored === undefined) throw libraryErrors.fileMissing();
    return stored.content;
  }
}
