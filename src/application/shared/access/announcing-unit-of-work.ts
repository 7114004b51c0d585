/** Units of work that tell, once they are committed, whose access they may have ended. */

import type { EventBus } from '../event-bus.ts';
import type { UnitOfWork } from '../unit-of-work.ts';
import { type CallTable, watchedStores } from '../watched-stores.ts';
import { ACCESS_TOPIC, type AccessChange } from './access-change.ts';

type Deps<Repos, Watched> = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  accessChanges: EventBus<AccessChange>;
  /** What each call may end. */
  table: CallTable<Watched, AccessChange>;
}>;

export class AnnouncingUnitOfWork<Repos extends Watched, Watched extends Readonly<Record<string, object>>>
  implements UnitOfWork<Repos>
{
  readonly #deps: Deps<Repos, Watched>;

  constructor(deps: Deps<Repos, Watched>) {
    this.#deps = deps;
  }

  /**
   * Also where the unit failed: a commit whose outcome is unknown may have happened, and to look again does no harm.
   */
  async run<T>(work: (repos: Repos) => Promise<T>): Promise<T> {
    const changes = new Map<string, AccessChange>();
    const note = (change: AccessChange) => changes.set(JSON.stringify(change), change);
    try {
      return await this.#deps.unitOfWork.run((repos) => work(watchedStores(repos, this.#deps.table, note)));
    } finally {
      for (const change of changes.values()) void this.#deps.accessChanges.publish(ACCESS_TOPIC, change);
    }
  }
}
