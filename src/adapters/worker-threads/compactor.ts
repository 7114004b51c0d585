/** Runs compactions in the process; a large one in a worker thread, so that the event loop stays free. */
import { Worker } from 'node:worker_threads';
import type { Compactor } from '#application/conversations/ports.ts';
import { type Compacted, type CompactionJob, compact } from '#domain/conversations/compaction/chain.ts';
import type { Estimator, EstimatorName } from '#domain/conversations/usage.ts';

/** A window of more tokens than this would hold the event loop for longer than 20 ms. */
const IN_PROCESS_MAX_TOKENS = 64_000;

/** What is posted to the worker, and what it posts back. */
export type CompactionRequest = Readonly<{ id: number; job: CompactionJob; estimator: EstimatorName }>;
export type CompactionAnswer = Readonly<{ id: number; compacted?: Compacted; error?: unknown }>;

type Waiting = Readonly<{ resolve: (compacted: Compacted) => void; reject: (error: unknown) => void }>;

type Options = Readonly<{
  estimator: Estimator;
  /** The script of the worker: it answers each `CompactionRequest` with a `CompactionAnswer`. */
  workerScript: URL;
}>;

export class EmbeddedCompactor implements Compactor {
  readonly #options: Options;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #lastId = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  async compact(job: CompactionJob): Promise<Compacted> {
    const { estimator } = this.#options;
    if (estimator.tokens(job.window.size) <= IN_PROCESS_MAX_TOKENS)
      return compact(job, estimator, () => performance.now());
    this.#lastId += 1;
    const request: CompactionRequest = { id: this.#lastId, job, estimator: estimator.name };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#running().postMessage(request);
    });
  }

  /** Ends the worker; compactions under way fail. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** The worker, started when it is first needed; it does not keep the process alive by itself. */
  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    const worker = new Worker(this.#options.workerScript);
    worker.unref();
    worker.on('message', (answer: CompactionAnswer) => this.#settle(answer));
    worker.on('error', (error) => this.#fail(error));
    worker.on('exit', () => this.#fail(new Error('The compaction worker ended.')));
    this.#worker = worker;
    return worker;
  }

  #settle({ id, compacted, error }: CompactionAnswer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (compacted === undefined) waiting?.reject(error);
    else waiting?.resolve(compacted);
  }

  /** The next compaction starts a new worker. */
  #fail(error: unknown): void {
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
