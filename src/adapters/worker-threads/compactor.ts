/** Runs small compactions on the event loop and large ones in a worker thread. */
import { Worker } from 'node:worker_threads';
import type { Compactor } from '#application/conversations/ports.ts';
import { type Compacted, type CompactionJob, compact } from '#domain/conversations/compaction/chain.ts';
import type { Estimator, EstimatorName } from '#domain/conversations/usage.ts';

/** A larger window would block the event loop for more than about 20 ms. */
const IN_PROCESS_MAX_TOKENS = 64_000;

/** The messages to and from the worker. An answer has the `id` of its request, and either a result or an error. */
export type CompactionRequest = Readonly<{ id: number; job: CompactionJob; estimator: EstimatorName }>;
export type CompactionAnswer = Readonly<{ id: number; compacted?: Compacted; error?: unknown }>;

/** The settlers of the promise of one request. */
type Waiting = Readonly<{ resolve: (compacted: Compacted) => void; reject: (error: unknown) => void }>;

type Options = Readonly<{
  estimator: Estimator;
  /** The worker's script, which answers each `CompactionRequest` with one `CompactionAnswer`. */
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

  /** Throws whatever the compaction throws, and if the worker ends before it answers. */
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

  /** Terminates the worker; compactions in progress fail. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  /** Returns the worker, starting it if there is none. It does not keep the process alive. */
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

  /** Rejects every pending request and forgets the worker, so that the next compaction starts a new one. */
  #fail(error: unknown): void {
    this.#worker = null;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
