/** Runs small compactions on the event loop and large ones in a worker thread. */
import type { Compactor } from '#application/conversations/ports.ts';
import type { Compacted, CompactionJob } from '#domain/conversations/compaction/chain.ts';
import type { Estimator } from '#domain/conversations/usage.ts';
import { type Done, doWork, type WorkerQueue } from './worker-queue.ts';

/** A larger window would hold the event loop for more than about 20 ms, which a real vocabulary does much sooner. */
const IN_PROCESS_MAX_TOKENS = { characters: 64_000, vocabulary: 4_000 };

export class EmbeddedCompactor implements Compactor {
  readonly #estimator: Estimator;
  readonly #queue: WorkerQueue;
  readonly #maxTokens: number;

  constructor({ estimator, queue }: Readonly<{ estimator: Estimator; queue: WorkerQueue }>) {
    this.#estimator = estimator;
    this.#queue = queue;
    this.#maxTokens = IN_PROCESS_MAX_TOKENS[estimator.name === 'chars_div_4' ? 'characters' : 'vocabulary'];
  }

  /** Throws what `WorkerQueue.run` throws. A compaction that an append waits for goes before those by hand. */
  async compact(job: CompactionJob): Promise<Compacted> {
    const work = { kind: 'compact', job } as const;
    const small = this.#estimator.tokens(job.window.size) <= this.#maxTokens;
    return compactedOf(small ? doWork(work, this.#estimator) : await this.#queue.run(work, job.appending));
  }
}

function compactedOf(done: Done): Compacted {
  if ('compacted' in done) return done.compacted;
  throw new Error('The worker answered something else.');
}
