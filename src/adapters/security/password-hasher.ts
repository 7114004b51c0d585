/** Hashes passwords with bcrypt: with bounded concurrency, a bounded queue, and the same work for every answer. */
import { availableParallelism } from 'node:os';
import { compare, getRounds, hash } from 'bcrypt';
import type { PasswordHasher, Turn } from '#application/identity/ports.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { WaitingRoom } from './waiting-room.ts';

/**
 * A hash occupies a core for its whole duration, and one of libuv's four threads. This leaves one core to the event
 * loop, and two threads to file access and name resolution.
 */
const MAX_CONCURRENT_HASHES = Math.max(1, Math.min(2, availableParallelism() - 1));
/** The `Retry-After` of a refused caller, in seconds. */
const RETRY_AFTER_SECONDS = 2;

/** Compares a password with a hash, in 2^cost rounds. */
type Compare = (password: string, stored: string) => Promise<boolean>;

export class BcryptPasswordHasher implements PasswordHasher {
  readonly #cost: number;
  readonly #maxConcurrent: number;
  readonly #compare: Compare;
  readonly #waitingRoom = new WaitingRoom();
  /** The highest cost in use: that of the slowest hash, which every answer takes as long as. */
  #slowest: number;
  #running = 0;

  /** `cost` is the base-2 logarithm of the rounds. `atOnce` is the concurrency, by default depending on the cores. */
  constructor(options: Readonly<{ cost: number; atOnce?: number; compare?: Compare }>) {
    this.#cost = options.cost;
    this.#slowest = options.cost;
    this.#maxConcurrent = options.atOnce ?? MAX_CONCURRENT_HASHES;
    this.#compare = options.compare ?? compare;
  }

  learn(scheme: string): void {
    this.#slowest = Math.max(this.#slowest, costOf(scheme));
  }

  hash(password: string, turn?: Turn): Promise<string> {
    return this.#withSlot(() => hash(password, this.#cost), turn);
  }

  verify(password: string, stored: string, turn?: Turn): Promise<boolean> {
    this.learn(stored);
    return this.#withSlot(async () => {
      const proved = await this.#compare(password, stored);
      // A hash of cost n takes 2^n rounds, and 2^n + 2^n + 2^(n+1) + … + 2^(m-1) is 2^m.
      for (let cost = costOf(stored); cost < this.#slowest; cost++) await this.#compare(password, dummyHash(cost));
      return proved;
    }, turn);
  }

  async verifyNothing(password: string, turn?: Turn): Promise<false> {
    await this.#withSlot(() => this.#compare(password, dummyHash(this.#slowest)), turn);
    return false;
  }

  isOutdated(stored: string): boolean {
    return getRounds(stored) !== this.#cost;
  }

  async #withSlot<T>(work: () => Promise<T>, { admit, party = null }: Turn = {}): Promise<T> {
    if (this.#running < this.#maxConcurrent) this.#running++;
    else await this.#wait(party);
    try {
      await admit?.();
      return await work();
    } finally {
      // The slot passes to whoever is next, so `#running` changes only if nobody waits.
      if (!this.#waitingRoom.next()) this.#running--;
    }
  }

  /** Throws 503 `hashing_busy` if too many wait already, or too many of the same party. */
  #wait(party: string | null): Promise<void> {
    const turn = this.#waitingRoom.enter(party);
    if (turn === undefined) throw identityErrors.hashingBusy({ retryAfterSeconds: RETRY_AFTER_SECONDS });
    return turn;
  }
}

/** The cost in `$2b$12$…`; 0 where there is none. */
function costOf(scheme: string): number {
  return Number(/^\$2[abxy]?\$(\d\d)\$/.exec(scheme)?.[1] ?? 0);
}

/** A well-formed hash of a cost, that of no password. */
function dummyHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;
}
