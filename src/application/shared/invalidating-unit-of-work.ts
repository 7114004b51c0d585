/** Units of work that tell the cache what they change, so that no use case has to, and none can forget it. */
import type { Invalidation, ReadThroughCache } from './cache.ts';
import type { UnitOfWork } from './unit-of-work.ts';
import { type CallTable, watchedStores } from './watched-stores.ts';

type Cache = Pick<ReadThroughCache, 'invalidate' | 'clear'>;

/**
 * What a call puts out of date in the cache, for each method of each store; null where that is nothing. A method that
 * is left out does not compile: somebody has to decide.
 */
export type Invalidations<Watched> = CallTable<Watched, (cache: Cache) => Promise<Invalidation>>;

type Deps<Repos, Watched> = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  cache: Cache;
  invalidations: Invalidations<Watched>;
}>;

export class InvalidatingUnitOfWork<Repos extends Watched, Watched extends Readonly<Record<string, object>>>
  implements UnitOfWork<Repos>
{
  readonly #deps: Deps<Repos, Watched>;

  constructor(deps: Deps<Repos, Watched>) {
    this.#deps = deps;
  }

  /**
   * What the work puts out of date is invalid from before its commit until after it: whoever looks it up meanwhile
   * reads the stores, and caches nothing. A kill at any instant therefore leaves no old value behind.
   */
  async run<T>(work: (repos: Repos) => Promise<T>): Promise<T> {
    const begun: Invalidation[] = [];
    const result = await this.#deps.unitOfWork.run(async (repos) => {
      const outdated: ((cache: Cache) => Promise<Invalidation>)[] = [];
      const done = await work(
        watchedStores(repos, this.#deps.invalidations, (invalidate) => outdated.push(invalidate)),
      );
      begun.push(...(await Promise.all(outdated.map((invalidate) => invalidate(this.#deps.cache)))));
      return done;
    });
    // Not where the unit failed: a commit whose outcome is unknown may still happen. What is not ended, lapses.
    await Promise.allSettled(begun.map((invalidation) => invalidation.end()));
    return result;
  }
}
