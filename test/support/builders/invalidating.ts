/** Units of work as the product has them: what they change is no longer in the cache. */

import { invalidations } from '#application/invalidations.ts';
import type { Repos } from '#application/repos.ts';
import type { ReadThroughCache } from '#application/shared/cache.ts';
import { InvalidatingUnitOfWork } from '#application/shared/invalidating-unit-of-work.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';

export function invalidating(
  unitOfWork: UnitOfWork<Repos>,
  cache: Pick<ReadThroughCache, 'invalidate' | 'clear'>,
): UnitOfWork<Repos> {
  return new InvalidatingUnitOfWork({ unitOfWork, cache, invalidations });
}
