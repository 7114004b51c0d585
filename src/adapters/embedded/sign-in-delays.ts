/** The counters of failed sign-ins of a single process. */
import type { LRUCache } from 'lru-cache';
import type { SignInDelays, SignInSubject } from '#application/identity/ports.ts';
import {
  counting,
  delayMs,
  type Failures,
  FREE_FAILURES,
  failedAgain,
  forgiven,
} from '#domain/identity/sign-in-delay.ts';
import { leastRecentlyUsed } from './lru.ts';

/** The number of accounts, and of addresses, that are counted. */
const MAX_ENTRIES = 100_000;

/**
 * Correct for a single process only; the counts end with it. Every method runs without awaiting anything, so that
 * checking and counting an attempt is atomic.
 */
export class EmbeddedSignInDelays implements SignInDelays {
  readonly #accounts: LRUCache<string, Failures>;
  readonly #addresses: LRUCache<string, Failures>;

  constructor(options: Readonly<{ maxEntries?: number }> = {}) {
    const entries = options.maxEntries ?? MAX_ENTRIES;
    this.#accounts = leastRecentlyUsed(entries);
    this.#addresses = leastRecentlyUsed(entries);
  }

  /** How many accounts and addresses are counted. */
  get size(): number {
    return this.#accounts.size + this.#addresses.size;
  }

  async waitMs({ account, address }: SignInSubject, now: Date): Promise<number> {
    const accountDelayMs = delayMs(recent(this.#accounts, account, now), FREE_FAILURES.account, now);
    if (address === null) return accountDelayMs;
    return Math.max(accountDelayMs, delayMs(recent(this.#addresses, address, now), FREE_FAILURES.address, now));
  }

  async attempt(subject: SignInSubject, now: Date): Promise<number> {
    const { account, address } = subject;
    const ofAccount = recent(this.#accounts, account, now);
    const ofAddress = address === null ? undefined : recent(this.#addresses, address, now);
    const waitMs = Math.max(
      delayMs(ofAccount, FREE_FAILURES.account, now),
      delayMs(ofAddress, FREE_FAILURES.address, now),
    );
    if (waitMs > 0) return waitMs;
    // Counted as failed in advance, so that concurrent guesses cannot all pass before the first result is known.
    this.#accounts.set(account, failedAgain(ofAccount, now));
    if (address !== null) this.#addresses.set(address, failedAgain(ofAddress, now));
    return 0;
  }

  async succeeded(accounts: readonly string[], address: string | null): Promise<void> {
    let count = 0;
    for (const account of accounts) {
      count += this.#accounts.get(account)?.count ?? 0;
      this.#accounts.delete(account);
    }
    if (address === null) return;
    // The address keeps the failures that it caused for other accounts.
    const remaining = forgiven(this.#addresses.get(address), count);
    if (remaining === undefined) this.#addresses.delete(address);
    else this.#addresses.set(address, remaining);
  }

  async unlock(accounts: readonly string[]): Promise<void> {
    for (const account of accounts) this.#accounts.delete(account);
  }
}

/** Returns the failures of a key that count at `now`. One of a clock that was ahead is stored as one of now. */
function recent(cache: LRUCache<string, Failures>, key: string, now: Date): Failures | undefined {
  const failures = counting(cache.get(key), now);
  if (failures?.lastAt === now) cache.set(key, failures);
  return failures;
}
