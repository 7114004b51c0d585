/** Files in a folder: each is written under a temporary name, brought onto the disk, and only then given its own. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files, ListedFile, OpenedFile, StoredFile } from '#application/library/documents/files.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';

/** Of 128 random bits. Nothing else is ever read, written or removed. */
const NAME = /^[0-9a-f]{32}$/;
const PARTIAL = '.partial';
const READ_BYTES = 256 * 1024;
/** For the owner alone. */
const [FOLDER_MODE, FILE_MODE] = [0o700, 0o600];
/** What the system says where a disk is full, broken or not ours. */
const AWAY = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE', 'ENOENT', 'ENOTDIR']);

export class FolderFiles implements Files {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the folder where there is none. Throws what the system says. */
  static async open(folder: string): Promise<FolderFiles> {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    // Whoever may not list it could not check it either.
    await readdir(folder);
    return new FolderFiles(folder);
  }

  async write(chunks: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile> {
    const name = randomBytes(16).toString('hex');
    const partial = join(this.#folder, `${name}${PARTIAL}`);
    try {
      const written = await writeWhole(partial, counted(chunks, maxBytes));
      await rename(partial, this.#path(name));
      await syncFolder(this.#folder);
      return { name, ...written };
    } catch (error) {
      for (const path of [partial, this.#path(name)]) await rm(path, { force: true }).catch(() => {});
      throw explained(error);
    }
  }

  async readHead(name: string, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
    await using handle = await this.#opened(name);
    const head = Buffer.alloc(maxBytes);
    const { bytesRead } = await handle.read(head, 0, maxBytes, 0);
    return Uint8Array.from(head.subarray(0, bytesRead));
  }

  async read(name: string): Promise<Uint8Array<ArrayBuffer>> {
    try {
      // A buffer of its own, which can be handed to a worker.
      return new Uint8Array(await readFile(this.#path(name)));
    } catch (error) {
      throw missing(error);
    }
  }

  /** Nothing is held open until its chunks are read: nobody may ever do so. */
  async open(name: string): Promise<OpenedFile> {
    const path = this.#path(name);
    try {
      const { size } = await stat(path);
      return { bytes: size, chunks: chunksOf(path) };
    } catch (error) {
      throw missing(error);
    }
  }

  async remove(name: string): Promise<void> {
    const base = name.endsWith(PARTIAL) ? name.slice(0, -PARTIAL.length) : name;
    if (!NAME.test(base)) throw new Error('This is no name of a file.');
    await rm(join(this.#folder, name), { force: true }).catch((error: unknown) => {
      throw explained(error);
    });
  }

  async list(): Promise<readonly ListedFile[]> {
    const names = (await readdir(this.#folder)).filter((name) => NAME.test(name.replace(PARTIAL, '')));
    const listed: ListedFile[] = [];
    for (const name of names) {
      // One that went meanwhile is none.
      const found = await stat(join(this.#folder, name)).catch(() => undefined);
      if (found?.isFile() === true) listed.push({ name, writtenAt: found.mtime });
    }
    return listed;
  }

  async #opened(name: string): Promise<FileHandle> {
    try {
      return await open(this.#path(name), 'r');
    } catch (error) {
      throw missing(error);
    }
  }

  #path(name: string): string {
    if (!NAME.test(name)) throw new Error('This is no name of a file.');
    return join(this.#folder, name);
  }
}

async function* chunksOf(path: string): AsyncIterable<Uint8Array> {
  yield* createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Buffer>;
}

async function* counted(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw retrievalErrors.documentTooLarge({ reason: 'bytes', limit: maxBytes });
    yield chunk;
  }
}

async function writeWhole(path: string, chunks: AsyncIterable<Uint8Array>): Promise<Omit<StoredFile, 'name'>> {
  await using handle = await open(path, 'wx', FILE_MODE);
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
    for (let from = 0; from < chunk.length; ) from += (await handle.write(chunk, from)).bytesWritten;
  }
  await handle.sync();
  return { bytes, sha256: hash.digest('hex') };
}

/** Else the name may be lost, though what it names is there. */
async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** Without the path, which is the operator's. */
function explained(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined || !AWAY.has(code)) return error;
  return Object.assign(storeErrors.storeUnavailable(), { cause: new Error(`The file store refused (${code}).`) });
}

function missing(error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code === 'ENOENT' ? libraryErrors.fileMissing() : explained(error);
}
