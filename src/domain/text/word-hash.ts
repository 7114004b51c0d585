/** Hashes words to small integers (FNV-1a), so that counting them allocates no strings. */

/** 30 bits, because V8 stores signed 31-bit integers without a heap object. Words whose hashes collide count as one. */
const HASH_BITS = 0x3fffffff;

/** The 32-bit offset basis of FNV, as a signed integer. */
export const HASH_START = 0x811c9dc5 | 0;

/** Adds one UTF-16 code unit to a hash (FNV-1a: exclusive or, then times the FNV prime). */
export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** Reduces the result of the last `hashStep` to a hash of 30 bits. */
export function finishedHash(hash: number): number {
  return hash & HASH_BITS;
}

/** Returns the hash that identifies a word. The word must be in lower case. */
export function hashOf(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i++) hash = hashStep(hash, word.charCodeAt(i));
  return finishedHash(hash);
}
