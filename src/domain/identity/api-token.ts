/** An API token: lets a program act for its owner with some of the owner's permissions. */
import type { ApiTokenId, UserId } from '#domain/shared/ids.ts';
import { identityErrors } from './errors.ts';
import type { Permission } from './permissions.ts';

export type ApiToken = Readonly<{
  id: ApiTokenId;
  userId: UserId;
  name: string;
  /** The public beginning of the token, by which its owner and secret scanners recognise it. */
  prefix: string;
  /** SHA-256 of the whole token, in hexadecimal; the token itself is stored nowhere. */
  digest: string;
  /** Distinct and ascending. On each use they are intersected with the permissions that the owner holds then. */
  scopes: readonly Permission[];
  createdAt: Date;
  expiresAt: Date;
  lastUsedAt: Date | null;
  usageCount: number;
  revokedAt: Date | null;
  revokedBy: UserId | null;
}>;

/** The number of usable tokens that a user can have. */
export const TOKENS_PER_USER = 50;

const DAY_SECONDS = 86_400;
/** The lifetime of a token without an explicit one, and the longest. */
export const TOKEN_DEFAULT_SECONDS = 90 * DAY_SECONDS;
export const TOKEN_MAX_SECONDS = 365 * DAY_SECONDS;
/** The longest time for which a rotated token can stay valid beside its successor. */
export const TOKEN_MAX_GRACE_SECONDS = 7 * DAY_SECONDS;

/** Creates an unused token. Its scopes are deduplicated and sorted. */
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

/** Whether the token is valid at `now`: neither revoked nor expired. */
export function isUsable(token: ApiToken, now: Date): boolean {
  return token.revokedAt === null && now < token.expiresAt;
}

/** Returns the lifetime for which the token was issued, in milliseconds. */
export function lifetimeMs(token: ApiToken): number {
  return token.expiresAt.getTime() - token.createdAt.getTime();
}

/** Returns the revoked token. The first revocation wins: a revoked token is returned unchanged. */
export function revoked(token: ApiToken, by: UserId, now: Date): ApiToken {
  return token.revokedAt === null ? { ...token, revokedAt: now, revokedBy: by } : token;
}

/**
 * Returns a token that is being rotated: it expires after the grace period, or earlier if it would have anyway. Throws
 * 409 `token_ended` for a token that is no longer valid.
 */
export function replaced(token: ApiToken, now: Date, graceMs: number): ApiToken {
  if (!isUsable(token, now)) throw identityErrors.tokenEnded();
  return { ...token, expiresAt: new Date(Math.min(token.expiresAt.getTime(), now.getTime() + graceMs)) };
}
