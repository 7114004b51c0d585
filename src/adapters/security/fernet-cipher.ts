/** The cipher for stored secrets: Fernet with several keys, of which the first encrypts and all decrypt. */
import { randomBytes } from 'node:crypto';
import { cipherErrors, type KeyedCipher } from '#application/shared/cipher.ts';
import type { Clock } from '#application/shared/clock.ts';
import { type FernetKey, openFernet, sealFernet } from './fernet.ts';

const IV_BYTES = 16;

export class FernetCipher implements KeyedCipher {
  readonly #keys: readonly FernetKey[];
  readonly #clock: Clock;

  /** `keys` may be empty; then `encrypt` and `decrypt` throw. */
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
    const index = this.#keys.findIndex((key) => openFernet(key, encrypted) !== undefined);
    return index === -1 ? undefined : index;
  }
}
