/** Counts short texts on the event loop and long ones in a worker thread. */
import type { TextCounter } from '#application/conversations/ports.ts';
import type { Estimator } from '#domain/conversations/usage.ts';
import { type Done, doWork, type WorkerQueue } from './worker-queue.ts';

/** A real vocabulary takes up to 5 µs for a character that it has no word for. */
const IN_PROCESS_MAX_CHARACTERS = 2_048;

export class EmbeddedTextCounter implements TextCounter {
  readonly #estimator: Estimator;
  readonly #queue: WorkerQueue;

  constructor({ estimator, queue }: Readonly<{ estimator: Estimator; queue: WorkerQueue }>) {
    this.#estimator = estimator;
    this.#queue = queue;
  }

  /** Throws what `WorkerQueue.run` throws. */
  async sizesOf(texts: readonly string[]): Promise<readonly number[]> {
    const work = { kind: 'count', texts } as const;
    const characters = texts.reduce((sum, text) => sum + text.length, 0);
    const quick = this.#estimator.name === 'chars_div_4' || characters <= IN_PROCESS_MAX_CHARACTERS;
    return sizesOf(quick ? doWork(work, this.#estimator) : await this.#queue.run(work, true));
  }
}

function sizesOf(done: Done): readonly number[] {
  if ('sizes' in done) return done.sizes;
  throw new Error('The worker answered something else.');
}
