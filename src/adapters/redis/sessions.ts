/** The sessions that several processes share: a hash in Redis for each, and two indexes of them. */
import type { RetainedSession, Sessions } from '#application/identity/ports.ts';
import { expiresAt, isLive, type Session } from '#domain/identity/session.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { keys } from './keys.ts';
import type { RedisCalls } from './link.ts';
import { readScript } from './scripts.ts';
import { FIELDS, fieldsOf, type Row, sessionFrom } from './session-fields.ts';

const beginSession = readScript('begin-session', { changes: true });
const touchSession = readScript('touch-session');
const endSession = readScript('end-session', { changes: true });
const endUserSessions = readScript('end-user-sessions', { changes: true });
const listUserSessions = readScript('list-user-sessions');

/** What is there is as durable as Redis keeps it: with its append-only file, but for the last second. */
export class RedisSessions implements Sessions {
  readonly #redis: RedisCalls;

  constructor(deps: Readonly<{ redis: RedisCalls }>) {
    this.#redis = deps.redis;
  }

  async begin(session: Session, perUser: number): Promise<void> {
    const ends = expiresAt(session).getTime();
    // By the caller's clock, as all times here: Redis counts from when it is told.
    const ttlMs = Math.max(1, ends - session.lastSeenAt.getTime());
    const values = [session.digest, session.createdAt.getTime(), ends, ttlMs, perUser].map(String);
    await this.#redis.run(beginSession, keysOf(session), [...values, ...fieldsOf(session)]);
  }

  async find(digest: string, now: Date): Promise<Session | undefined> {
    const row = await this.#redis.command<Row>('HMGET', keys.session(digest), ...FIELDS);
    const session = sessionFrom([digest, ...row]);
    return session !== undefined && isLive(session, now) ? session : undefined;
  }

  async touch(session: Session): Promise<void> {
    const times = [session.lastSeenAt, session.idleEndAt].map((time) => String(time.getTime()));
    await this.#redis.run(touchSession, keysOf(session), [session.digest, ...times]);
  }

  async end(digest: string): Promise<void> {
    await this.#redis.run(endSession, [keys.session(digest), keys.sessions], [digest]);
  }

  count(now: Date): Promise<number> {
    return this.#redis.command('ZCOUNT', keys.sessions, `(${now.getTime()}`, '+inf');
  }

  async listByUser(userId: UserId, now: Date): Promise<readonly Session[]> {
    const values = [String(now.getTime()), ...FIELDS];
    const rows = await this.#redis.run<readonly Row[]>(listUserSessions, [keys.userSessions(userId)], values);
    return sessionsFrom(rows).toSorted(newestFirst);
  }

  async endByUser(userId: UserId, now: Date, retained?: RetainedSession): Promise<readonly Session[]> {
    const values = [retained?.id ?? '', String(retained?.epoch ?? 0), ...FIELDS];
    const indexes = [keys.userSessions(userId), keys.sessions];
    const rows = await this.#redis.run<readonly Row[]>(endUserSessions, indexes, values);
    return sessionsFrom(rows).filter((session) => isLive(session, now));
  }
}

function keysOf({ digest, userId }: Session): readonly string[] {
  return [keys.session(digest), keys.userSessions(userId), keys.sessions];
}

function sessionsFrom(rows: readonly Row[]): Session[] {
  return rows.map(sessionFrom).filter((session) => session !== undefined);
}

function newestFirst(a: Session, b: Session): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}
