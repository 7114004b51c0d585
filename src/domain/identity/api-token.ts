/** An API token: lets a program act for its owner with some of the owner's permissions. */
import type { ApiTokenId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { WORKSPACE_PERMISSIONS, type WorkspaceRight } from '#domain/shared/workspace-rights.ts';
import { identityErrors } from './errors.ts';
import type { Permission } from './permissions.ts';
import type { Principal } from './principal.ts';

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
  /** The only workspace in which it acts; null where it acts in all of its owner's. */
  workspaceId: WorkspaceId | null;
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
  issued: Pick<ApiToken, 'id' | 'userId' | 'name' | 'prefix' | 'digest' | 'scopes' | 'workspaceId'>,
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

/**
 * Returns what the token lets its owner do at this moment: what it has as a scope and they still hold, everywhere or in
 * a workspace. One that is bound to a workspace acts there alone, so it holds nothing that is about the installation.
 */
export function rightsOfToken(
  { scopes, workspaceId }: Pick<ApiToken, 'scopes' | 'workspaceId'>,
  { permissions, workspaces }: Pick<Principal, 'permissions' | 'workspaces'>,
): Readonly<{ permissions: readonly Permission[]; workspaces: readonly WorkspaceRight[] }> {
  const usable = scopes.filter((scope) => workspaceId === null || WORKSPACE_PERMISSIONS.includes(scope));
  const within = workspaces.filter(({ id }) => workspaceId === null || id === workspaceId);
  return {
    permissions: usable.filter((scope) => permissions.includes(scope)),
    workspaces: within.map((right) => ({
      ...right,
      permissions: usable.filter((one) => right.permissions.includes(one)),
    })),
  };
}

/**
 * Throws 400 `scopes_outside_workspace`, listing them, for scopes of a token that is bound to a workspace which are not
 * about what a workspace owns.
 */
export function checkBoundScopes(scopes: readonly Permission[], workspaceId: WorkspaceId | null): void {
  const outside = scopes.filter((scope) => !WORKSPACE_PERMISSIONS.includes(scope));
  if (workspaceId !== null && outside.length > 0) throw identityErrors.scopesOutsideWorkspace({ outside });
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
