/** Failures to sign in, counted in the process. */
import type { LRUCache } from 'lru-cache';
import type { SignInDelays, SignInSubject } from '#application/identity/ports.ts';
import {
  delayMs,
  FAILURES_KEPT_MS,
  type Failures,
  FREE_FAILURES,
  failedAgain,
  forgiven,
} from '#domain/identity/sign-in-delay.ts';
import { leastRecentlyUsed } from './lru.ts';

/** Accounts, and addresses, whose failures are held. */
const MAX_ENTRIES = 100_000;

/** Right only where this is the only process, and gone with it. What happens in one call happens at once: nothing is awaited. */
export class EmbeddedSignInDelays implements SignInDelays {
  readonly #accounts: LRUCache<string, Failures>;
  readonly #addresses: LRUCache<string, Failures>;

  constructor(options: Readonly<{ kept?: number }> = {}) {
    const kept = options.kept ?? MAX_ENTRIES;
    this.#accounts = leastRecentlyUsed(kept);
    this.#addresses = leastRecentlyUsed(kept);
  }

  async waitMs({ account, address }: SignInSubject, now: Date): Promise<number> {
    const ofAccount = delayMs(found(this.#accounts, account, now), FREE_FAILURES.account, now);
    if (address === null) return ofAccount;
    return Math.max(ofAccount, delayMs(found(this.#addresses, address, now), FREE_FAILURES.address, now));
  }

  async attempt(subject: SignInSubject, now: Date): Promise<number> {
    const { account, address } = subject;
    const failures = found(this.#accounts, account, now);
    const elsewhere = address === null ? undefined : found(this.#addresses, address, now);
    const waitMs = Math.max(
      delayMs(failures, FREE_FAILURES.account, now),
      delayMs(elsewhere, FREE_FAILURES.address, now),
    );
    if (waitMs > 0) return waitMs;
    this.#accounts.set(account, failedAgain(failures, now));
    if (address !== null) this.#addresses.set(address, failedAgain(elsewhere, now));
    return 0;
  }

  async succeeded({ account, address }: SignInSubject): Promise<void> {
    const count = this.#accounts.get(account)?.count ?? 0;
    this.#accounts.delete(account);
    if (address === null) return;
    const left = forgiven(this.#addresses.get(address), count);
    if (left === undefined) this.#addresses.delete(address);
    else this.#addresses.set(address, left);
  }

  async unlock(account: string): Promise<void> {
    this.#accounts.delete(account);
  }
}

/** What is held, unless it is so old that it is forgotten. */
function found(held: LRUCache<string, Failures>, key: string, now: Date): Failures | undefined {
  const failures = held.get(key);
  return failures !== undefined && now.getTime() - failures.lastAt.getTime() < FAILURES_KEPT_MS ? failures : undefined;
}
