/** The session store of a single process: an LRU cache in front of a table in a SQLite file. */
import type { LRUCache } from 'lru-cache';
import type { RetainedSession, Sessions } from '#application/identity/ports.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import { isLive, type Session } from '#domain/identity/session.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { leastRecentlyUsed } from './lru.ts';
import { SessionTable } from './session-table.ts';
import type { SpeedFile } from './speed-file.ts';

/** The number of cached sessions, about 1 kB each. */
const MAX_ENTRIES = 50_000;
/** The longest time, in milliseconds, for which a recorded use stays in memory before it is written. */
const TOUCH_DELAY_MS = 1_000;
/** The interval between removals of expired sessions, in milliseconds of the callers' clock. */
const PRUNE_INTERVAL_MS = 60_000;

export type EmbeddedSessionsOptions = Readonly<{
  /** Where they are written; in memory all sessions end with the process. */
  file: SpeedFile;
  /** The number of cached sessions; by default 50 000. */
  maxEntries?: number;
}>;

/**
 * The table is authoritative: a session that the cache evicts is read from it again. Beginning and ending a session are
 * committed before the call resolves. Uses are written together, at most a second later and at `close`, which saves a
 * write for each request. A table in memory is bounded by the number of users times the sessions per user.
 */
export class EmbeddedSessions implements Sessions {
  readonly #file: SpeedFile;
  readonly #table: SessionTable;
  readonly #cache: LRUCache<string, Session>;
  /** Sessions with a use that is not written yet, by digest. */
  readonly #touched = new Map<string, Session>();
  /** Since when the oldest of them waits, on the clock of `performance`. */
  #touchedSinceMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #prunedAt = 0;
  /** Whether the last write failed. */
  #writesFail = false;

  constructor(options: EmbeddedSessionsOptions) {
    this.#file = options.file;
    this.#table = new SessionTable(options.file);
    this.#cache = leastRecentlyUsed(options.maxEntries ?? MAX_ENTRIES);
  }

  async begin(session: Session, perUser: number): Promise<void> {
    const ended: Session[] = [];
    this.#write(() => {
      this.#writeTouches();
      this.#prune(session.createdAt);
      // The new session counts too, so that `perUser` is the number after this call.
      const others = this.#table.liveOf(session.userId, session.createdAt);
      ended.push(...others.slice(0, Math.max(0, others.length + 1 - perUser)));
      for (const { digest } of ended) this.#table.remove(digest);
      this.#table.add(session);
    });
    this.#touched.clear();
    for (const { digest } of ended) this.#cache.delete(digest);
    this.#cache.set(session.digest, structuredClone(session));
  }

  async find(digest: string, now: Date): Promise<Session | undefined> {
    const session = this.#lookUp(digest);
    return session !== undefined && isLive(session, now) ? copyOf(session) : undefined;
  }

  async touch(session: Session): Promise<void> {
    const current = this.#lookUp(session.digest);
    if (current === undefined || current.lastSeenAt > session.lastSeenAt) return;
    // Only the times come from the caller: what else it read may be older than the stored session.
    const used = copyOf({ ...current, lastSeenAt: session.lastSeenAt, idleEndAt: session.idleEndAt });
    this.#cache.set(used.digest, used);
    if (this.#touched.size === 0) this.#touchedSinceMs = performance.now();
    this.#touched.set(used.digest, used);
    this.#timer ??= setTimeout(() => this.#flushLate(), TOUCH_DELAY_MS).unref();
  }

  async end(digest: string): Promise<void> {
    this.#write(() => this.#table.remove(digest));
    this.#touched.delete(digest);
    this.#cache.delete(digest);
  }

  async count(now: Date): Promise<number> {
    this.#flush();
    return this.#read(() => this.#table.countLive(now));
  }

  async listByUser(userId: UserId, now: Date): Promise<readonly Session[]> {
    this.#flush();
    return this.#read(() => this.#table.liveOf(userId, now)).toReversed();
  }

  async endByUser(userId: UserId, now: Date, retained?: RetainedSession): Promise<readonly Session[]> {
    const ended: Session[] = [];
    const moved: Session[] = [];
    this.#write(() => {
      this.#writeTouches();
      for (const session of this.#table.allOf(userId)) (session.id === retained?.id ? moved : ended).push(session);
      for (const { digest } of ended) this.#table.remove(digest);
      for (const { digest } of moved) this.#table.move(digest, retained?.epoch ?? 0);
    });
    this.#touched.clear();
    for (const { digest } of [...ended, ...moved]) this.#cache.delete(digest);
    return ended.filter((session) => isLive(session, now));
  }

  /**
   * Throws where the file cannot be read, or could not be written at last and still cannot. As long as writes succeed
   * it costs no write.
   */
  check(): void {
    this.#read(() => this.#table.find(''));
    if (this.#writesFail) this.#write(() => this.#table.probe());
  }

  /** Writes pending uses, then closes the file. */
  close(): void {
    this.#flush();
    this.#file.close();
  }

  /** How many sessions are in memory. */
  get size(): number {
    return this.#cache.size;
  }

  /** How many uses are not written yet, and how long the oldest of them has waited. */
  get unwritten(): Readonly<{ count: number; lagMs: number }> {
    const count = this.#touched.size;
    return { count, lagMs: count === 0 ? 0 : performance.now() - this.#touchedSinceMs };
  }

  #lookUp(digest: string): Session | undefined {
    // A session that was evicted with a pending use is newer here than in the table.
    const cached = this.#cache.get(digest) ?? this.#touched.get(digest);
    if (cached !== undefined) return cached;
    const stored = this.#read(() => this.#table.find(digest));
    if (stored !== undefined) this.#cache.set(digest, stored);
    return stored;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#touched.size === 0) return;
    this.#write(() => this.#writeTouches());
    this.#touched.clear();
  }

  /** Tries again later if the write fails: there is no caller to report the failure to. */
  #flushLate(): void {
    try {
      this.#flush();
    } catch {
      this.#timer ??= setTimeout(() => this.#flushLate(), TOUCH_DELAY_MS).unref();
    }
  }

  #writeTouches(): void {
    for (const session of this.#touched.values()) this.#table.touch(session);
  }

  #prune(now: Date): void {
    if (Math.abs(now.getTime() - this.#prunedAt) < PRUNE_INTERVAL_MS) return;
    this.#table.prune(now);
    this.#prunedAt = now.getTime();
  }

  #write(work: () => void): void {
    this.#writesFail = true;
    this.#read(() => this.#file.together(work));
    this.#writesFail = false;
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw Object.assign(storeErrors.storeUnavailable(), { cause });
    }
  }
}

/** Copies a session with its dates, which are mutable, so that no caller can change the cached ones. */
function copyOf(session: Session): Session {
  return {
    ...session,
    createdAt: new Date(session.createdAt),
    lastSeenAt: new Date(session.lastSeenAt),
    idleEndAt: new Date(session.idleEndAt),
    absoluteEndAt: new Date(session.absoluteEndAt),
  };
}
