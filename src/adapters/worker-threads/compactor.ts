/** Runs compactions on the event loop or in a worker thread, by their size and by which of the two is free. */
import type { Compactor } from '#application/conversations/ports.ts';
import type { Compacted, CompactionJob } from '#domain/conversations/compaction/chain.ts';
import type { Estimator } from '#domain/conversations/usage.ts';
import { type Done, doWork, type WorkerQueue } from './worker-queue.ts';

/**
 * In tokens: a window above `maxInProcess` would hold the event loop for more than about 20 ms, and one below
 * `minShared` costs about as much to copy to a worker as to compact. A real vocabulary counts much more slowly.
 */
const LIMITS = {
  characters: { minShared: 2_000, maxInProcess: 64_000 },
  vocabulary: { minShared: 500, maxInProcess: 4_000 },
} as const;

type Options = Readonly<{
  estimator: Estimator;
  queue: WorkerQueue;
  /** Whether a worker runs beside the event loop, on a processor of its own. */
  parallel: boolean;
}>;

export class EmbeddedCompactor implements Compactor {
  readonly #estimator: Estimator;
  readonly #queue: WorkerQueue;
  readonly #parallel: boolean;
  readonly #limits: (typeof LIMITS)[keyof typeof LIMITS];

  constructor({ estimator, queue, parallel }: Options) {
    this.#estimator = estimator;
    this.#queue = queue;
    this.#parallel = parallel;
    this.#limits = LIMITS[estimator.name === 'chars_div_4' ? 'characters' : 'vocabulary'];
  }

  /**
   * Throws what `WorkerQueue.run` throws for a window that only the worker may compact. A compaction that an append
   * waits for goes before those by hand.
   */
  async compact(job: CompactionJob): Promise<Compacted> {
    const work = { kind: 'compact', job } as const;
    const tokens = this.#estimator.tokens(job.window.size);
    if (tokens > this.#limits.maxInProcess) return compactedOf(await this.#queue.run(work, job.appending));
    const shared = this.#parallel && tokens >= this.#limits.minShared;
    return compactedOf(shared ? await this.#queue.share(work) : doWork(work, this.#estimator));
  }
}

function compactedOf(done: Done): Compacted {
  if ('compacted' in done) return done.compacted;
  throw new Error('The worker answered something else.');
}
