/** What identity caches: who a user is and what they may do, and what a token opens. */
import { cacheArea } from '#application/shared/cache.ts';
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { Principal } from '#domain/identity/principal.ts';

/** A bound on how long a change that this product did not make itself could go unseen. */
const TTL_MS = 60_000;

/** By the user's id. */
export const principalArea = cacheArea<Principal>({ name: 'permissions', ttlMs: () => TTL_MS });

/** By the token's digest. */
export const apiTokenArea = cacheArea<ApiToken>({ name: 'api_tokens', ttlMs: () => TTL_MS });
