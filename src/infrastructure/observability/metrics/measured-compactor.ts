/** A compactor that tells how long it takes. */
import type { Compactor } from '#application/conversations/ports.ts';
import type { Compacted, CompactionJob } from '#domain/conversations/compaction/chain.ts';
import type { CompactionMetrics } from './compaction-metrics.ts';
import { outcomeOf } from './outcome.ts';

export class MeasuredCompactor implements Compactor {
  readonly #compactor: Compactor;
  readonly #metrics: CompactionMetrics;

  constructor(compactor: Compactor, metrics: CompactionMetrics) {
    this.#compactor = compactor;
    this.#metrics = metrics;
  }

  async compact(job: CompactionJob): Promise<Compacted> {
    const trigger = job.appending ? 'auto' : 'manual';
    const startedMs = performance.now();
    try {
      const compacted = await this.#compactor.compact(job);
      this.#metrics.compacted(trigger, (performance.now() - startedMs) / 1_000);
      return compacted;
    } catch (error) {
      this.#metrics.ended(trigger, outcomeOf(error));
      throw error;
    }
  }
}
