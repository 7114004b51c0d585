/** Wires the refinement of summaries by the language model, which runs behind the requests. */
import { ContainerModule } from 'inversify';
import { WindowReader } from '#application/conversations/context/window-reader.ts';
import { Breaker } from '#application/conversations/refinement/breaker.ts';
import { PendingRefinements } from '#application/conversations/refinement/pending-refinements.ts';
import { RefineSummaries } from '#application/conversations/refinement/refine-summaries.ts';
import { RefineSummary } from '#application/conversations/refinement/refine-summary.ts';
import { SummaryRecord } from '#application/conversations/refinement/summary-record.ts';
import { runInBackground } from '../run-in-background.ts';
import { tokens } from '../tokens.ts';
import { wire } from '../wire.ts';

const { clock, conversations, leases, languageModel, refinementLog, contextSettings } = tokens;

const REFINE_INTERVAL_MS = 500;

export const refinementModule = new ContainerModule(({ bind }) => {
  wire(bind, Breaker, { clock });
  wire(bind, SummaryRecord, { conversations });
  wire(bind, RefineSummary, {
    conversations,
    windows: WindowReader,
    record: SummaryRecord,
    leases,
    breaker: Breaker,
    model: languageModel,
    log: refinementLog,
    clock,
    settings: contextSettings,
  });
  wire(bind, RefineSummaries, { pending: PendingRefinements, refineSummary: RefineSummary });
  runInBackground(bind, RefineSummaries, (summaries) => ({
    name: 'refine summaries',
    everyMs: REFINE_INTERVAL_MS,
    run: (closing) => summaries.execute(closing),
  }));
});
