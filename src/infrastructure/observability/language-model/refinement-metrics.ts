/** What is counted of refinements of summaries. */
import type * as prom from 'prom-client';
import { REFINEMENT_OUTCOMES, type RefinementOutcome } from '#application/conversations/refinement/refinement-log.ts';
import type { Durations } from '../metrics/histogram.ts';
import type { Instruments } from '../metrics/instruments.ts';

const BUCKETS = [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600];

export class RefinementMetrics {
  readonly #refinements: prom.Counter<'outcome'>;
  readonly #duration: Durations;

  constructor(instruments: Instruments) {
    this.#refinements = instruments.counter({
      name: 'tavernkeep_refinements_total',
      help: 'Summaries that the language model was to refine, and what became of it: refined, or why not.',
      labels: ['outcome'],
      known: REFINEMENT_OUTCOMES.map((outcome) => ({ outcome })),
    });
    const name = 'tavernkeep_refinement_duration_seconds';
    const help = 'How long a refinement took, until it was committed.';
    this.#duration = instruments.histogram({ name, help, labels: [], buckets: BUCKETS }).of({});
  }

  ended(outcome: RefinementOutcome, seconds: number): void {
    this.#refinements.inc({ outcome });
    if (outcome === 'refined') this.#duration.observe(seconds);
  }
}
