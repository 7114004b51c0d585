/** A session: a sign-in on one device, known by a public id; only the cookie carries its secret. */
import type { SessionId, UserId } from '#domain/shared/ids.ts';

export type Session = Readonly<{
  id: SessionId;
  /** SHA-256 of the secret, in hexadecimal; the secret itself is stored nowhere. */
  digest: string;
  userId: UserId;
  /** The user's `sessionEpoch` when the session began. */
  epoch: number;
  createdAt: Date;
  lastSeenAt: Date;
  /** Idle expiry: moves on when the session is used. */
  idleEndAt: Date;
  /** Absolute expiry: never moves. */
  absoluteEndAt: Date;
  ip: string | null;
  userAgent: string | null;
}>;

export type SessionLimits = Readonly<{ idleMs: number; absoluteMs: number; touchMs: number; perUser: number }>;

/** A new session, used for the first time at `now`. */
export function beginSession(
  begun: Pick<Session, 'id' | 'digest' | 'userId' | 'epoch' | 'ip' | 'userAgent'>,
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

export function expiresAt(session: Session): Date {
  return new Date(Math.min(session.idleEndAt.getTime(), session.absoluteEndAt.getTime()));
}

export function isLive(session: Session, now: Date): boolean {
  return now < expiresAt(session);
}

/** Whether the session's last use is so long ago that this one must be recorded. */
export function needsTouch(session: Session, now: Date, limits: SessionLimits): boolean {
  return now.getTime() - session.lastSeenAt.getTime() >= limits.touchMs;
}

/** The session after a use at `now`. */
export function touched(session: Session, now: Date, limits: SessionLimits): Session {
  return { ...session, lastSeenAt: now, idleEndAt: new Date(now.getTime() + limits.idleMs) };
}
