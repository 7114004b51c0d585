/** An API token: lets a program act for its owner, with a part of what the owner may do. Only its digest is stored. */
import type { ApiTokenId, UserId } from '#domain/shared/ids.ts';
import { identityErrors } from './errors.ts';
import type { Permission } from './permissions.ts';

export type ApiToken = Readonly<{
  id: ApiTokenId;
  userId: UserId;
  name: string;
  /** The public beginning of the token, by which its owner and secret scanners know it. */
  prefix: string;
  /** SHA-256 of the whole token, in hexadecimal; the token itself is stored nowhere. */
  digest: string;
  /** Ascending. What the owner no longer holds is cut when the token is used. */
  scopes: readonly Permission[];
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  usageCount: number;
  revokedAt: Date | null;
  revokedBy: UserId | null;
}>;

const DAY_SECONDS = 86_400;
export const TOKEN_DEFAULT_SECONDS = 90 * DAY_SECONDS;
export const TOKEN_MAX_SECONDS = 365 * DAY_SECONDS;
/** How long a rotated token may go on at most. */
export const TOKEN_MAX_GRACE_SECONDS = 7 * DAY_SECONDS;

/** A new token that was never used. */
export function issueToken(
  issued: Pick<ApiToken, 'id' | 'userId' | 'name' | 'prefix' | 'digest'> & { scopes: readonly Permission[] },
  now: Date,
  lifetimeMs: number,
): ApiToken {
  return {
    ...issued,
    scopes: [...new Set(issued.scopes)].toSorted(),
    createdAt: now,
    expiresAt: new Date(now.getTime() + lifetimeMs),
    lastUsedAt: null,
    usageCount: 0,
    revokedAt: null,
    revokedBy: null,
  };
}

/** Whether the token opens anything at `now`. */
export function isUsable(token: ApiToken, now: Date): boolean {
  return token.revokedAt === null && now < token.expiresAt;
}

/** For how long the token was issued, in milliseconds. */
export function lifetimeMs(token: ApiToken): number {
  return token.expiresAt.getTime() - token.createdAt.getTime();
}

/** The token once it is revoked; the first revocation stands. */
export function revoked(token: ApiToken, by: UserId, now: Date): ApiToken {
  return token.revokedAt === null ? { ...token, revokedAt: now, revokedBy: by } : token;
}

/** The token that another one replaces: it lasts until the end of the grace, and never longer than it would have. */
export function replaced(token: ApiToken, now: Date, graceMs: number): ApiToken {
  if (!isUsable(token, now)) throw identityErrors.tokenEnded();
  return { ...token, expiresAt: new Date(Math.min(token.expiresAt.getTime(), now.getTime() + graceMs)) };
}

/** What the audit shows of a token. */
export function auditedToken(token: ApiToken) {
  const { name, prefix, scopes, expiresAt, revokedAt } = token;
  return { name, prefix, scopes, expiresAt: expiresAt.toISOString(), revokedAt: revokedAt?.toISOString() ?? null };
}
