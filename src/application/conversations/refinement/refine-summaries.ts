/** Refines the summaries that wait for it, one after the other. */
import type { PendingRefinements } from './pending-refinements.ts';
import type { RefineSummary } from './refine-summary.ts';

type Deps = Readonly<{ pending: Pick<PendingRefinements, 'take'>; refineSummary: Pick<RefineSummary, 'execute'> }>;

export class RefineSummaries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Runs until none waits, or `closing` is aborted. Throws what a refinement throws, which does not wait any more. */
  async execute(closing: AbortSignal): Promise<void> {
    const { pending, refineSummary } = this.#deps;
    for (let id = pending.take(); id !== undefined && !closing.aborted; id = pending.take())
      await refineSummary.execute(id, closing);
  }
}
