/** Passwords hashed with bcrypt, a bounded number at once. */
import { availableParallelism } from 'node:os';
import { compare, getRounds, hash } from 'bcrypt';
import type { Admission, PasswordHasher } from '#application/identity/ports.ts';
import { identityErrors } from '#domain/identity/errors.ts';

/**
 * Each hash keeps a core busy for its whole time, and holds one of libuv's four threads: one core is left to everybody else, and two
 * threads to files and name look-ups.
 */
const MAX_CONCURRENT_HASHES = Math.max(1, Math.min(2, availableParallelism() - 1));
const WAITING_AT_MOST = 50;
/** What a caller is told to wait before trying again, in seconds. */
const RETRY_AFTER_SECONDS = 2;

export class BcryptPasswordHasher implements PasswordHasher {
  readonly #cost: number;
  readonly #atOnce: number;
  /** A hash of the configured cost that belongs to nobody. */
  readonly #nobodys: Promise<string>;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `cost` is the base-2 logarithm of the rounds; `atOnce` follows from the machine's cores unless told. */
  constructor(options: Readonly<{ cost: number; atOnce?: number }>) {
    this.#cost = options.cost;
    this.#atOnce = options.atOnce ?? MAX_CONCURRENT_HASHES;
    // In the background: it takes as long as a sign-in, and nobody can have signed in yet.
    this.#nobodys = hash('', options.cost);
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, this.#cost));
  }

  verify(password: string, stored: string, admit?: Admission): Promise<boolean> {
    return this.#inTurn(async () => {
      await admit?.();
      return compare(password, stored);
    });
  }

  async verifyNothing(password: string, admit?: Admission): Promise<false> {
    await this.verify(password, await this.#nobodys, admit);
    return false;
  }

  isOutdated(stored: string): boolean {
    return getRounds(stored) !== this.#cost;
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#atOnce) this.#running++;
    else await this.#wait();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The place goes to whoever waited longest; it is free only where nobody does.
      if (next === undefined) this.#running--;
      else next();
    }
  }

  #wait(): Promise<void> {
    if (this.#waiting.length >= WAITING_AT_MOST) {
      throw identityErrors.hashingBusy({ retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
