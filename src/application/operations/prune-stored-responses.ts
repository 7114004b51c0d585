/** Removes the answers stored under idempotency keys once they have expired, page by page. */
import type { Clock } from '#application/shared/clock.ts';
import type { IdempotencyKeys } from '#application/shared/idempotency.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';

/** Few enough that other units of work do not wait long. */
const PAGE = 1_000;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ idempotency: Pick<IdempotencyKeys, 'prune'> }>;
  clock: Clock;
}>;

export class PruneStoredResponses {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Runs until nothing expired is left, or until the current page is done after `closing` is aborted. */
  async execute(closing: AbortSignal): Promise<void> {
    const { unitOfWork, clock } = this.#deps;
    let pruned = PAGE;
    while (pruned === PAGE && !closing.aborted) {
      pruned = await unitOfWork.run(({ idempotency }) => idempotency.prune(clock.now(), PAGE));
    }
  }
}
