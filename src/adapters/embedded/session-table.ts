/** The table of sessions in the file of the speed layer. */
import type { DatabaseSync } from 'node:sqlite';
import { expiresAt, type Session } from '#domain/identity/session.ts';
import type { OauthAccountId, SessionId, UserId } from '#domain/shared/ids.ts';
import type { SpeedFile } from './speed-file.ts';

/** No digest of a secret. */
const PROBE = 'probe';

/** Times are in milliseconds since 1970. `ends_at` is the earlier of both expiries, stored because it is indexed. */
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS sessions (
    digest TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    idle_end_at INTEGER NOT NULL,
    absolute_end_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    ip TEXT,
    user_agent TEXT,
    oauth_account_id TEXT
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user_id, created_at);
  CREATE INDEX IF NOT EXISTS sessions_by_end ON sessions (ends_at);
`;

type Row = Record<string, string | number | null>;

/** All methods are synchronous. */
export class SessionTable {
  readonly #statements: ReturnType<typeof prepared>;

  constructor(file: SpeedFile) {
    this.#statements = file.make(SCHEMA, prepared);
  }

  /** Returns the session with this digest, even an expired one. */
  find(digest: string): Session | undefined {
    const row = this.#statements.find.get(digest);
    return row === undefined ? undefined : sessionFrom(row as Row);
  }

  /** Returns a user's sessions that have not expired at `now`, oldest first. */
  liveOf(userId: UserId, now: Date): Session[] {
    return this.#statements.live.all(userId, now.getTime()).map((row) => sessionFrom(row as Row));
  }

  /** Counts the sessions of all users that have not expired at `now`. */
  countLive(now: Date): number {
    return (this.#statements.count.get(now.getTime()) as { live: number }).live;
  }

  /** Returns a user's sessions, expired ones included, oldest first. */
  allOf(userId: UserId): Session[] {
    return this.liveOf(userId, new Date(0));
  }

  add(session: Session): void {
    this.#statements.add.run(
      session.digest,
      session.id,
      session.userId,
      session.epoch,
      session.createdAt.getTime(),
      session.lastSeenAt.getTime(),
      session.idleEndAt.getTime(),
      session.absoluteEndAt.getTime(),
      expiresAt(session).getTime(),
      session.ip,
      session.userAgent,
      session.oauthAccountId,
    );
  }

  /** Stores the times of the last use. Does nothing if the session is not stored any more. */
  touch(session: Session): void {
    const times = [session.lastSeenAt, session.idleEndAt, expiresAt(session)].map((time) => time.getTime());
    this.#statements.touch.run(...times, session.digest);
  }

  /** Sets the epoch of a session. */
  move(digest: string, epoch: number): void {
    this.#statements.move.run(epoch, digest);
  }

  remove(digest: string): void {
    this.#statements.remove.run(digest);
  }

  /** Removes the sessions that have expired at `now`. */
  prune(now: Date): void {
    this.#statements.prune.run(now.getTime());
  }

  /** Writes a row and takes it away again, within a transaction. */
  probe(): void {
    const nobody = [PROBE, '', '', 0, 0, 0, 0, 0, 0, null, null] as const;
    this.#statements.add.run(...nobody);
    this.#statements.remove.run(PROBE);
  }
}

function prepared(database: DatabaseSync) {
  upgrade(database);
  return {
    find: database.prepare('SELECT * FROM sessions WHERE digest = ?'),
    live: database.prepare('SELECT * FROM sessions WHERE user_id = ? AND ends_at > ? ORDER BY created_at, id'),
    count: database.prepare('SELECT COUNT(*) AS live FROM sessions WHERE ends_at > ?'),
    add: database.prepare('INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    touch: database.prepare('UPDATE sessions SET last_seen_at = ?, idle_end_at = ?, ends_at = ? WHERE digest = ?'),
    move: database.prepare('UPDATE sessions SET epoch = ? WHERE digest = ?'),
    remove: database.prepare('DELETE FROM sessions WHERE digest = ?'),
    prune: database.prepare('DELETE FROM sessions WHERE ends_at <= ?'),
  };
}

/** Adds the column that a file of an earlier release lacks; its sessions stay, and count as begun by password. */
function upgrade(database: DatabaseSync): void {
  const columns = database.prepare("SELECT name FROM pragma_table_info('sessions')").all();
  if (columns.some(({ name }) => name === 'oauth_account_id')) return;
  database.exec('ALTER TABLE sessions ADD COLUMN oauth_account_id TEXT');
}

function sessionFrom(row: Row): Session {
  return {
    id: row.id as SessionId,
    digest: row.digest as string,
    userId: row.user_id as UserId,
    epoch: row.epoch as number,
    createdAt: new Date(row.created_at as number),
    lastSeenAt: new Date(row.last_seen_at as number),
    idleEndAt: new Date(row.idle_end_at as number),
    absoluteEndAt: new Date(row.absolute_end_at as number),
    ip: row.ip as string | null,
    userAgent: row.user_agent as string | null,
    oauthAccountId: row.oauth_account_id as OauthAccountId | null,
  };
}
