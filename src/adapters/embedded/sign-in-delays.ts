/** The counters of failed sign-ins of a single process: in memory, and written to the speed layer's file behind. */
import type { LRUCache } from 'lru-cache';
import type { SignInDelays, SignInSubject } from '#application/identity/ports.ts';
import {
  counting,
  delayMs,
  FAILURES_KEPT_MS,
  type Failures,
  FREE_FAILURES,
  failedAgain,
  forgiven,
} from '#domain/identity/sign-in-delay.ts';
import { leastRecentlyUsed } from './lru.ts';
import { type FailureKind, SignInFailureTable } from './sign-in-failure-table.ts';
import type { SpeedFile } from './speed-file.ts';

/** The number of accounts, and of addresses, that are counted. */
const MAX_ENTRIES = 100_000;
/** The longest time, in milliseconds, for which a count stays in memory before it is written. */
const WRITE_DELAY_MS = 1_000;

type Options = Readonly<{
  /** Without it the counts end with the process. */
  file?: SpeedFile | undefined;
  maxEntries?: number;
}>;

type Counts = LRUCache<string, Failures>;
type Place = Readonly<{ kind: FailureKind; key: string }>;

/**
 * Correct for a single process only. Every method runs without awaiting anything, so that checking and counting an
 * attempt is atomic. A killed process loses the counts of up to a second.
 */
export class EmbeddedSignInDelays implements SignInDelays {
  readonly #counts: Readonly<Record<FailureKind, Counts>>;
  readonly #file: SpeedFile | undefined;
  readonly #table: SignInFailureTable | undefined;
  /** What differs from the file. */
  readonly #unwritten = new Map<string, Place>();
  #unwrittenSinceMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ file, maxEntries = MAX_ENTRIES }: Options = {}) {
    this.#counts = { account: leastRecentlyUsed(maxEntries), address: leastRecentlyUsed(maxEntries) };
    this.#file = file;
    this.#table = file && new SignInFailureTable(file);
    for (const kind of ['account', 'address'] as const)
      for (const { key, failures } of this.#table?.all(kind, maxEntries) ?? []) this.#counts[kind].set(key, failures);
  }

  /** How many accounts and addresses are counted. */
  get size(): number {
    return this.#counts.account.size + this.#counts.address.size;
  }

  /** How many counts are not written yet, and how long the oldest of them has waited. */
  get unwritten(): Readonly<{ count: number; lagMs: number }> {
    const count = this.#unwritten.size;
    return { count, lagMs: count === 0 ? 0 : performance.now() - this.#unwrittenSinceMs };
  }

  async waitMs(subject: SignInSubject, now: Date): Promise<number> {
    return this.#waitMs(subject, now);
  }

  async attempt(subject: SignInSubject, now: Date): Promise<number> {
    const waitMs = this.#waitMs(subject, now);
    if (waitMs > 0) return waitMs;
    // Counted as failed in advance, so that concurrent guesses cannot all pass before the first result is known.
    for (const place of placesOf(subject)) this.#set(place, failedAgain(this.#recent(place, now), now));
    return 0;
  }

  async succeeded(accounts: readonly string[], address: string | null): Promise<void> {
    let count = 0;
    for (const key of accounts) {
      count += this.#counts.account.get(key)?.count ?? 0;
      this.#set({ kind: 'account', key }, undefined);
    }
    // The address keeps the failures that it caused for other accounts.
    if (address !== null)
      this.#set({ kind: 'address', key: address }, forgiven(this.#counts.address.get(address), count));
  }

  async unlock(accounts: readonly string[]): Promise<void> {
    for (const key of accounts) this.#set({ kind: 'account', key }, undefined);
  }

  /** Writes what is not written yet; throws where the file cannot be written. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const [file, table] = [this.#file, this.#table];
    if (file === undefined || table === undefined || this.#unwritten.size === 0) return;
    file.together(() => {
      let latest = 0;
      for (const { kind, key } of this.#unwritten.values()) {
        const failures = this.#counts[kind].peek(key);
        if (failures === undefined) table.remove({ kind, key });
        else table.save({ kind, key, failures });
        latest = Math.max(latest, failures?.lastAt.getTime() ?? 0);
      }
      if (latest > 0) table.prune(new Date(latest - FAILURES_KEPT_MS));
    });
    this.#unwritten.clear();
  }

  #waitMs(subject: SignInSubject, now: Date): number {
    const waits = placesOf(subject).map((place) => delayMs(this.#recent(place, now), FREE_FAILURES[place.kind], now));
    return Math.max(...waits);
  }

  /** The failures that count at `now`. One of a clock that was ahead is stored as one of now. */
  #recent({ kind, key }: Place, now: Date): Failures | undefined {
    const failures = counting(this.#counts[kind].get(key), now);
    if (failures?.lastAt === now) this.#set({ kind, key }, failures);
    return failures;
  }

  #set({ kind, key }: Place, failures: Failures | undefined): void {
    if (failures === undefined) this.#counts[kind].delete(key);
    else this.#counts[kind].set(key, failures);
    if (this.#file === undefined) return;
    if (this.#unwritten.size === 0) this.#unwrittenSinceMs = performance.now();
    this.#unwritten.set(`${kind} ${key}`, { kind, key });
    this.#timer ??= setTimeout(() => this.#flushLate(), WRITE_DELAY_MS).unref();
  }

  /** Tries again later if the write fails: there is no caller to report the failure to. */
  #flushLate(): void {
    try {
      this.flush();
    } catch {
      this.#timer ??= setTimeout(() => this.#flushLate(), WRITE_DELAY_MS).unref();
    }
  }
}

function placesOf({ account, address }: SignInSubject): readonly Place[] {
  const ofAccount: Place = { kind: 'account', key: account };
  return address === null ? [ofAccount] : [ofAccount, { kind: 'address', key: address }];
}
