/**
 * What the speed layer holds of a user beside their sessions: copies, which are of no use to anybody once they left.
 */
import type { Contexts } from '#application/conversations/ports.ts';
import type { ReadThroughCache } from '#application/shared/cache.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { principalArea } from '../cached-rights.ts';

type Deps = Readonly<{ cache: Pick<ReadThroughCache, 'invalidate'>; contexts: Pick<Contexts, 'removeByOwner'> }>;

export class UserTraces {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Never throws: what cannot be removed now goes when its time is over. */
  async remove(userId: UserId): Promise<void> {
    const { cache, contexts } = this.#deps;
    const rights = async () => (await cache.invalidate(principalArea, userId)).end();
    await Promise.allSettled([rights(), contexts.removeByOwner(userId)]);
  }
}
