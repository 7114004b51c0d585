/** The atomic steps: one Lua file each, which Redis knows by the digest of its text. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type Script = Readonly<{
  name: string;
  source: string;
  /** SHA-1 in hexadecimal. */
  sha: string;
  /** Whether a caller must be told that it may have been carried out, where nobody knows. */
  changes: boolean;
}>;

/** Reads `scripts/<name>.lua`. */
export function readScript(name: string, options: Readonly<{ changes?: boolean }> = {}): Script {
  return scriptOf(name, readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8'), options);
}

export function scriptOf(
  name: string,
  source: string,
  { changes = false }: Readonly<{ changes?: boolean }> = {},
): Script {
  return { name, source, sha: createHash('sha1').update(source).digest('hex'), changes };
}
