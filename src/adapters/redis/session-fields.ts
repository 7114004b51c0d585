/** A session as the fields of a hash: times in milliseconds since 1970, and no field for what is null. */
import type { Session } from '#domain/identity/session.ts';
import type { OauthAccountId, SessionId, UserId } from '#domain/shared/ids.ts';

export const FIELDS = [
  'id',
  'user_id',
  'epoch',
  'created_at',
  'last_seen_at',
  'idle_end_at',
  'absolute_end_at',
  'ip',
  'user_agent',
  'oauth_account_id',
] as const;

/** The digest, then the values of `FIELDS`; null where there is no such field. */
export type Row = readonly (string | null)[];

/** Names and values in turn. */
export function fieldsOf(session: Session): readonly string[] {
  const values: Row = [
    session.id,
    session.userId,
    String(session.epoch),
    String(session.createdAt.getTime()),
    String(session.lastSeenAt.getTime()),
    String(session.idleEndAt.getTime()),
    String(session.absoluteEndAt.getTime()),
    session.ip,
    session.userAgent,
    session.oauthAccountId,
  ];
  return FIELDS.flatMap((field, i) => {
    const value = values[i];
    return value == null ? [] : [field, value];
  });
}

/** Undefined where a part is missing that every session has: there is none, or somebody cut it off. */
export function sessionFrom(row: Row): Session | undefined {
  const [digest, id, userId, epoch, createdAt, lastSeenAt, idleEndAt, absoluteEndAt, ip, agent, account] = row;
  const times = [createdAt, lastSeenAt, idleEndAt, absoluteEndAt].map((time) => new Date(Number(time ?? Number.NaN)));
  const [created, seen, idleEnd, absoluteEnd] = times as [Date, Date, Date, Date];
  if (digest == null || id == null || userId == null || epoch == null) return undefined;
  if (times.some((time) => Number.isNaN(time.getTime()))) return undefined;
  return {
    id: id as SessionId,
    digest,
    userId: userId as UserId,
    epoch: Number(epoch),
    createdAt: created,
    lastSeenAt: seen,
    idleEndAt: idleEnd,
    absoluteEndAt: absoluteEnd,
    ip: ip ?? null,
    userAgent: agent ?? null,
    oauthAccountId: (account ?? null) as OauthAccountId | null,
  };
}
