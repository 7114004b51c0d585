/** A session: a sign-in on one device, with a public id and a secret that only the cookie carries. */
import type { OauthAccountId, SessionId, UserId } from '#domain/shared/ids.ts';

export type Session = Readonly<{
  id: SessionId;
  /** SHA-256 of the secret, in hexadecimal; the secret itself is stored nowhere. */
  digest: string;
  userId: UserId;
  /** The user's `sessionEpoch` when the session began; the session is invalid once the user's is higher. */
  epoch: number;
  createdAt: Date;
  lastSeenAt: Date;
  /** The idle expiry, which each recorded use postpones. */
  idleEndAt: Date;
  /** The absolute expiry, which never moves. */
  absoluteEndAt: Date;
  ip: string | null;
  userAgent: string | null;
  /** The OAuth account that the session began through; null for a password. */
  oauthAccountId: OauthAccountId | null;
}>;

/**
 * `idleMs`, `absoluteMs`: the lifetimes. `touchMs`: the shortest interval between two recorded uses, which spares a
 * write for each request. `perUser`: the number of live sessions that a user can have.
 */
export type SessionLimits = Readonly<{ idleMs: number; absoluteMs: number; touchMs: number; perUser: number }>;

/** Creates a session that begins, and is first used, at `now`. */
export function beginSession(
  begun: Pick<Session, 'id' | 'digest' | 'userId' | 'epoch' | 'ip' | 'userAgent' | 'oauthAccountId'>,
  now: Date,
  limits: SessionLimits,
): Session {
  return {
    ...begun,
    createdAt: now,
    lastSeenAt: now,
    idleEndAt: new Date(now.getTime() + limits.idleMs),
    absoluteEndAt: new Date(now.getTime() + limits.absoluteMs),
  };
}

/** Returns the earlier of both expiries. */
export function expiresAt(session: Session): Date {
  return new Date(Math.min(session.idleEndAt.getTime(), session.absoluteEndAt.getTime()));
}

/** So far apart the clocks of servers may be, or one clock be corrected, without an end of sessions. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * Whether the session has not expired at `now`. It may still be invalid by its epoch. One that was used in what is the
 * future now, by a clock that was ahead, is over: its ends lie as far ahead.
 */
export function isLive(session: Session, now: Date): boolean {
  return now < expiresAt(session) && session.lastSeenAt.getTime() <= now.getTime() + CLOCK_TOLERANCE_MS;
}

/** Whether a use at `now` must be recorded, because the last recorded use is at least `touchMs` ago. */
export function needsTouch(session: Session, now: Date, limits: SessionLimits): boolean {
  return now.getTime() - session.lastSeenAt.getTime() >= limits.touchMs;
}

/** Returns the session after a use at `now`. */
export function touched(session: Session, now: Date, limits: SessionLimits): Session {
  return { ...session, lastSeenAt: now, idleEndAt: new Date(now.getTime() + limits.idleMs) };
}
