/** Hashes passwords with bcrypt, with bounded concurrency and a bounded queue. */
import { availableParallelism } from 'node:os';
import { compare, getRounds, hash } from 'bcrypt';
import type { Admission, PasswordHasher } from '#application/identity/ports.ts';
import { identityErrors } from '#domain/identity/errors.ts';

/**
 * A hash occupies a core for its whole duration, and one of libuv's four threads. This leaves one core to the event
 * loop, and two threads to file access and name resolution.
 */
const MAX_CONCURRENT_HASHES = Math.max(1, Math.min(2, availableParallelism() - 1));
/** More callers than this are refused, because they would wait for many seconds. */
const MAX_WAITING = 50;
/** The `Retry-After` of a refused caller, in seconds. */
const RETRY_AFTER_SECONDS = 2;

export class BcryptPasswordHasher implements PasswordHasher {
  readonly #cost: number;
  readonly #maxConcurrent: number;
  /** A hash of the configured cost, for logins without a user. */
  readonly #dummyHash: Promise<string>;
  /** Resumes the waiting callers, first come first served. */
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** `cost` is the base-2 logarithm of the rounds. `atOnce` is the concurrency, by default depending on the cores. */
  constructor(options: Readonly<{ cost: number; atOnce?: number }>) {
    this.#cost = options.cost;
    this.#maxConcurrent = options.atOnce ?? MAX_CONCURRENT_HASHES;
    // Not awaited: it takes as long as a sign-in, and would delay the start.
    this.#dummyHash = hash('', options.cost);
  }

  hash(password: string): Promise<string> {
    return this.#withSlot(() => hash(password, this.#cost));
  }

  verify(password: string, stored: string, admit?: Admission): Promise<boolean> {
    return this.#withSlot(async () => {
      await admit?.();
      return compare(password, stored);
    });
  }

  async verifyNothing(password: string, admit?: Admission): Promise<false> {
    await this.verify(password, await this.#dummyHash, admit);
    return false;
  }

  isOutdated(stored: string): boolean {
    return getRounds(stored) !== this.#cost;
  }

  async #withSlot<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#maxConcurrent) this.#running++;
    else await this.#wait();
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      // The slot passes to the caller that has waited longest, so `#running` changes only if there is none.
      if (next === undefined) this.#running--;
      else next();
    }
  }

  /** Throws 503 `hashing_busy` if too many callers wait already. */
  #wait(): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING) {
      throw identityErrors.hashingBusy({ retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
