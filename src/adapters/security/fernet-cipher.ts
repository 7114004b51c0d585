/** The cipher of what is kept encrypted: Fernet under one of several keys. */
import { randomBytes } from 'node:crypto';
import { cipherErrors, type KeyedCipher } from '#application/shared/cipher.ts';
import type { Clock } from '#application/shared/clock.ts';
import { type FernetKey, openFernet, sealFernet } from './fernet.ts';

const IV_BYTES = 16;

export class FernetCipher implements KeyedCipher {
  readonly #keys: readonly FernetKey[];
  readonly #clock: Clock;

  /** Without keys it encrypts nothing and decrypts nothing. */
  constructor(deps: Readonly<{ keys: readonly FernetKey[]; clock: Clock }>) {
    this.#keys = deps.keys;
    this.#clock = deps.clock;
  }

  get isConfigured(): boolean {
    return this.#keys.length > 0;
  }

  get keyCount(): number {
    return this.#keys.length;
  }

  encrypt(text: string): string {
    const [first] = this.#keys;
    if (first === undefined) throw cipherErrors.encryptionNotConfigured();
    return sealFernet(first, text, { now: this.#clock.now(), iv: randomBytes(IV_BYTES) });
  }

  decrypt(encrypted: string): string {
    for (const key of this.#keys) {
      const text = openFernet(key, encrypted);
      if (text !== undefined) return text;
    }
    throw new Error('This was encrypted under none of the configured keys, or was changed since.');
  }

  keyOf(encrypted: string): number | undefined {
    const place = this.#keys.findIndex((key) => openFernet(key, encrypted) !== undefined);
    return place === -1 ? undefined : place;
  }
}
