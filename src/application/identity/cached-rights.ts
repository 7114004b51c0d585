/**
 * What identity caches (who a user is and what they may do, and what a token opens), and which calls put it out of
 * date.
 */
import { cacheArea } from '#application/shared/cache.ts';
import type { Invalidations } from '#application/shared/invalidating-unit-of-work.ts';
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { Principal } from '#domain/identity/principal.ts';
import type { ApiTokens, Roles, Users } from './ports.ts';

/** A bound on how long a change that this product did not make itself could go unseen. */
const TTL_MS = 60_000;

/** By the user's id. */
export const principalArea = cacheArea<Principal>({ name: 'permissions', ttlMs: () => TTL_MS });

/** By the token's digest. */
export const apiTokenArea = cacheArea<ApiToken>({ name: 'api_tokens', ttlMs: () => TTL_MS });

/**
 * Absence is not cached, so what is added puts nothing out of date. Nor does the end of a role, which nobody holds by
 * then, or of a deleted user's tokens, which open nothing without the user; a workspace that is gone is empty.
 */
export const rightsInvalidations: Invalidations<Readonly<{ users: Users; roles: Roles; apiTokens: ApiTokens }>> = {
  users: {
    find: null,
    findByLogin: null,
    list: null,
    isHeld: null,
    countActiveWithRole: null,
    add: null,
    save: (user) => (cache) => cache.invalidate(principalArea, user.id),
    remove: (id) => (cache) => cache.invalidate(principalArea, id),
  },
  roles: {
    find: null,
    list: null,
    countOwn: null,
    save: () => (cache) => cache.clear(principalArea),
    remove: null,
  },
  apiTokens: {
    find: null,
    findByDigest: null,
    listByUser: null,
    countUsable: null,
    add: null,
    addUses: null,
    // Which digests they have, nobody knows before they are read: rare enough to read all tokens in use again.
    endByUser: () => (cache) => cache.clear(apiTokenArea),
    save: (token) => (cache) => cache.invalidate(apiTokenArea, token.digest),
  },
};
