/** Units of work as the product has them: what they change is no longer in the cache. */

import { rightsInvalidations } from '#application/identity/cached-rights.ts';
import type { ApiTokens, Roles, Users } from '#application/identity/ports.ts';
import type { ReadThroughCache } from '#application/shared/cache.ts';
import { InvalidatingUnitOfWork } from '#application/shared/invalidating-unit-of-work.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';

type RightsRepos = Readonly<{ users: Users; roles: Roles; apiTokens: ApiTokens }>;

export function invalidating<Repos extends RightsRepos>(
  unitOfWork: UnitOfWork<Repos>,
  cache: Pick<ReadThroughCache, 'invalidate' | 'clear'>,
): UnitOfWork<Repos> {
  return new InvalidatingUnitOfWork({ unitOfWork, cache, invalidations: rightsInvalidations });
}
