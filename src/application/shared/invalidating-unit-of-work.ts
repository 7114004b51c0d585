/** Units of work that tell the cache what they change, so that no use case has to, and none can forget it. */
import type { Invalidation, ReadThroughCache } from './cache.ts';
import type { UnitOfWork } from './unit-of-work.ts';

type Cache = Pick<ReadThroughCache, 'invalidate' | 'clear'>;

/** What a call puts out of date in the cache, for each method of a store; null where that is nothing. */
type StoreInvalidations<Store> = {
  readonly [Method in keyof Store]: Store[Method] extends (...values: infer Values) => unknown
    ? ((cache: Cache, ...values: Values) => Promise<Invalidation>) | null
    : never;
};

/** The same for several stores. A method that is left out does not compile: somebody has to decide. */
export type Invalidations<Watched> = { readonly [Name in keyof Watched]: StoreInvalidations<Watched[Name]> };

type Invalidate = (cache: Cache, ...values: readonly unknown[]) => Promise<Invalidation>;
type Outdated = (cache: Cache) => Promise<Invalidation>;

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
      const outdated: Outdated[] = [];
      const done = await work(this.#watched(repos, outdated));
      begun.push(...(await Promise.all(outdated.map((invalidate) => invalidate(this.#deps.cache)))));
      return done;
    });
    // Not where the unit failed: a commit whose outcome is unknown may still happen. What is not ended, lapses.
    await Promise.allSettled(begun.map((invalidation) => invalidation.end()));
    return result;
  }

  #watched(repos: Repos, outdated: Outdated[]): Repos {
    const names = Object.keys(this.#deps.invalidations) as (keyof Watched)[];
    const watched = names.map((name) => [name, watchedStore(repos[name], this.#deps.invalidations[name], outdated)]);
    return { ...repos, ...Object.fromEntries(watched) };
  }
}

/** The same store, which notes what its calls put out of date. */
function watchedStore<Store extends object>(
  store: Store,
  invalidations: StoreInvalidations<Store>,
  outdated: Outdated[],
): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const invalidate = invalidations[name as keyof Store] as Invalidate | null | undefined;
      return (...values: readonly unknown[]) => {
        if (invalidate) outdated.push((cache) => invalidate(cache, ...values));
        return member.apply(target, values);
      };
    },
  });
}
