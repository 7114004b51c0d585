/** The sessions that are alive, in the process: an LRU in front of a SQLite file of its own. */
import type { LRUCache } from 'lru-cache';
import type { RetainedSession, Sessions } from '#application/identity/ports.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import { isLive, type Session } from '#domain/identity/session.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { leastRecentlyUsed } from './lru.ts';
import { SessionFile } from './session-file.ts';

/** Sessions held for look-up without SQL; about 1 kB each. */
const MAX_ENTRIES = 50_000;
/** How late a use may reach the file, in milliseconds. */
const TOUCH_DELAY_MS = 1_000;
/** How often expired sessions are collected, by the callers' clock, in milliseconds. */
const PRUNE_EVERY_MS = 60_000;

export type EmbeddedSessionsOptions = Readonly<{
  /** Undefined: without a file. Then the table is in memory, holds every live session, and ends with the process. */
  path?: string | undefined;
  synchronous: 'full' | 'normal';
  /** Sessions held for look-up without SQL. */
  kept?: number;
}>;

/**
 * The table holds every session, so what the LRU lets go of is read again and never lost; without a file it is bounded by users times
 * sessions per user. A session begins and ends in the table before the answer; its uses are written at most a second
 * late and at `close`.
 */
export class EmbeddedSessions implements Sessions {
  readonly #table: SessionFile;
  readonly #kept: LRUCache<string, Session>;
  /** Used, and not yet written. */
  readonly #touched = new Map<string, Session>();
  #timer: NodeJS.Timeout | undefined;
  #prunedAt = 0;

  constructor(options: EmbeddedSessionsOptions) {
    this.#table = new SessionFile({ path: options.path, synchronous: options.synchronous });
    this.#kept = leastRecentlyUsed(options.kept ?? MAX_ENTRIES);
  }

  async begin(session: Session, perUser: number): Promise<void> {
    const ended: Session[] = [];
    this.#write(() => {
      this.#writeTouches();
      this.#prune(session.createdAt);
      const others = this.#table.liveOf(session.userId, session.createdAt);
      ended.push(...others.slice(0, Math.max(0, others.length + 1 - perUser)));
      for (const { digest } of ended) this.#table.remove(digest);
      this.#table.add(session);
    });
    this.#touched.clear();
    for (const { digest } of ended) this.#kept.delete(digest);
    this.#kept.set(session.digest, structuredClone(session));
  }

  async find(digest: string, now: Date): Promise<Session | undefined> {
    const session = this.#lookUp(digest);
    return session !== undefined && isLive(session, now) ? copyOf(session) : undefined;
  }

  async touch(session: Session): Promise<void> {
    const current = this.#lookUp(session.digest);
    if (current === undefined || current.lastSeenAt > session.lastSeenAt) return;
    const used = copyOf({ ...current, lastSeenAt: session.lastSeenAt, idleEndAt: session.idleEndAt });
    this.#kept.set(used.digest, used);
    this.#touched.set(used.digest, used);
    this.#timer ??= setTimeout(() => this.#flushLate(), TOUCH_DELAY_MS).unref();
  }

  async end(digest: string): Promise<void> {
    this.#write(() => this.#table.remove(digest));
    this.#touched.delete(digest);
    this.#kept.delete(digest);
  }

  async count(now: Date): Promise<number> {
    this.#flush();
    return this.#read(() => this.#table.countLive(now));
  }

  async listByUser(userId: UserId, now: Date): Promise<readonly Session[]> {
    this.#flush();
    return this.#read(() => this.#table.liveOf(userId, now)).toReversed();
  }

  async endByUser(userId: UserId, now: Date, kept?: RetainedSession): Promise<readonly Session[]> {
    const ended: Session[] = [];
    const moved: Session[] = [];
    this.#write(() => {
      this.#writeTouches();
      for (const session of this.#table.allOf(userId)) (session.id === kept?.id ? moved : ended).push(session);
      for (const { digest } of ended) this.#table.remove(digest);
      for (const { digest } of moved) this.#table.move(digest, kept?.epoch ?? 0);
    });
    this.#touched.clear();
    for (const { digest } of [...ended, ...moved]) this.#kept.delete(digest);
    return ended.filter((session) => isLive(session, now));
  }

  /** Writes what is not yet written, and lets go of the file. */
  close(): void {
    this.#flush();
    this.#table.close();
  }

  #lookUp(digest: string): Session | undefined {
    const kept = this.#kept.get(digest) ?? this.#touched.get(digest);
    if (kept !== undefined) return kept;
    const stored = this.#read(() => this.#table.find(digest));
    if (stored !== undefined) this.#kept.set(digest, stored);
    return stored;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#touched.size === 0) return;
    this.#write(() => this.#writeTouches());
    this.#touched.clear();
  }

  /** Uses that cannot be written now wait for the next time; nobody is there to be told. */
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
    if (Math.abs(now.getTime() - this.#prunedAt) < PRUNE_EVERY_MS) return;
    this.#table.prune(now);
    this.#prunedAt = now.getTime();
  }

  #write(work: () => void): void {
    this.#read(() => this.#table.together(work));
  }

  #read<T>(work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw Object.assign(storeErrors.storeUnavailable(), { cause });
    }
  }
}

/** Dates can be changed, so nobody is given the stored ones. */
function copyOf(session: Session): Session {
  return {
    ...session,
    createdAt: new Date(session.createdAt),
    lastSeenAt: new Date(session.lastSeenAt),
    idleEndAt: new Date(session.idleEndAt),
    absoluteEndAt: new Date(session.absoluteEndAt),
  };
}
