/** Removes jobs that ended long ago, page by page: nobody asks any more what became of them. */
import type { Clock } from '../shared/clock.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { Jobs } from './ports.ts';

/** 30 days, in milliseconds. */
const KEPT_MS = 30 * 24 * 60 * 60_000;
/** Few enough that other units of work do not wait long. */
const PAGE = 500;

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ jobs: Pick<Jobs, 'prune'> }>; clock: Clock }>;

export class PruneJobs {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Runs until none is left, or until the current page is done after `closing` is aborted. */
  async execute(closing: AbortSignal): Promise<void> {
    const { unitOfWork, clock } = this.#deps;
    const endedBy = new Date(clock.now().getTime() - KEPT_MS);
    let pruned = PAGE;
    while (pruned === PAGE && !closing.aborted) pruned = await unitOfWork.run(({ jobs }) => jobs.prune(endedBy, PAGE));
  }
}
