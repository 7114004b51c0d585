/** Digests of names under a key, so that whoever reads the digests cannot find the names by trying. */
import { createHmac } from 'node:crypto';
import type { KeyedDigests } from '#application/identity/ports.ts';

export class HmacDigests implements KeyedDigests {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    this.#key = key;
  }

  of(text: string): string {
    return createHmac('sha256', this.#key).update(text).digest('hex');
  }
}
