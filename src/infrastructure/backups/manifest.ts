/** The manifest of a backup: what it holds, of which version, and the sum of every file. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Written last: a folder without one is no backup, or was cut short. */
export const MANIFEST = 'manifest.json';

const file = z.strictObject({
  /** A name in the folder itself, never a way out of it. */
  name: z.string().regex(/^[a-z_]+\.(db|ndjson)$/),
  bytes: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const manifest = z.strictObject({
  product: z.literal('tavernkeep'),
  /** Of this file and of what is beside it. */
  format: z.literal(1),
  /** The product's. */
  version: z.string(),
  taken_at: z.iso.datetime(),
  database: z.enum(['sqlite', 'postgres']),
  newest_migration: z.string(),
  /** By table. */
  rows: z.record(z.string(), z.int().min(0)),
  files: z.array(file).min(1),
});

export type Manifest = Readonly<z.infer<typeof manifest>>;
export type ManifestFile = Manifest['files'][number];

/** Throws, with a message for the operator, where there is none or it is not ours. */
export function readManifest(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), 'utf8');
  } catch {
    throw new Error(`${folder} is no backup, or one that was cut short: it has no ${MANIFEST} that can be read.`);
  }
  const parsed = manifest.safeParse(jsonOf(text));
  if (!parsed.success) throw new Error(`${MANIFEST} is damaged, or not of a backup that this version can restore.`);
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
