/** Words as small numbers, so that counting them makes no strings. */

/** Hashes are kept to 30 bits, which the engine stores without a heap object. Two words that collide count as one. */
const HASH_BITS = 0x3fffffff;

export const HASH_START = 0x811c9dc5 | 0;

/** One step of the FNV-1a hash over UTF-16 code units. */
export function hashStep(hash: number, code: number): number {
  return Math.imul(hash ^ code, 0x01000193);
}

/** The hash made of the last step. */
export function finishedHash(hash: number): number {
  return hash & HASH_BITS;
}

/** The hash by which a word, given in lower case, is known. */
export function hashOf(word: string): number {
  let hash = HASH_START;
  for (let i = 0; i < word.length; i++) hash = hashStep(hash, word.charCodeAt(i));
  return finishedHash(hash);
}
