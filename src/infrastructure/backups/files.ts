/** The files of a backup: their sums, and how they get onto the disk. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ManifestFile } from './manifest.ts';

/** Brings the file onto the disk, and reads it from there. */
export async function measure(folder: string, name: string): Promise<ManifestFile> {
  await sync(join(folder, name));
  return { name, ...(await sumOf(join(folder, name))) };
}

/** Throws, with a message for the operator, where the file is not what the manifest says. */
export async function verify(folder: string, { name, bytes, sha256 }: ManifestFile): Promise<void> {
  const found = await sumOf(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The backup cannot be restored: ${name} cannot be read (${error.code}).`);
  });
  if (found.bytes !== bytes || found.sha256 !== sha256)
    throw new Error(`The backup cannot be restored: ${name} is damaged. It is not what was written then.`);
}

async function sumOf(path: string): Promise<Readonly<{ bytes: number; sha256: string }>> {
  const hash = createHash('sha256');
  const stream = createReadStream(path);
  await pipeline(stream, hash);
  return { bytes: stream.bytesRead, sha256: hash.digest('hex') };
}

/** Of a folder: the names in it. */
export async function sync(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
