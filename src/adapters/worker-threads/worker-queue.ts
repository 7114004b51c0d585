/** One worker thread and the queue in front of it: what would hold the event loop for long is done there, in turn. */
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { type Compacted, type CompactionJob, compact } from '#domain/conversations/compaction/chain.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { Estimator, EstimatorName } from '#domain/conversations/usage.ts';

/** More works than this do not wait: each keeps a whole window in memory. */
const MAX_WAITING = 50;

/**
 * The young generation of the worker, in megabytes per half. The event loop's, which `npm start` makes small, has room
 * for few of the sentences and words of a compaction: they would be copied as often as if they were to stay.
 */
const SEMI_SPACE_MB = 16;

/** What a worker does, and what it answers. */
export type Work = Readonly<{ kind: 'compact'; job: CompactionJob } | { kind: 'count'; texts: readonly string[] }>;
export type Done = Readonly<{ compacted: Compacted } | { sizes: readonly number[] }>;

/** The messages to and from the worker. Each request gets one answer before the next is posted. */
export type WorkRequest = Readonly<{ work: Work; estimator: EstimatorName }>;
export type WorkAnswer = Readonly<{ done: Done } | { error: unknown }>;

/** Does a work where it is called. Throws what a compaction throws. */
export function doWork(work: Work, estimator: Estimator): Done {
  return work.kind === 'count'
    ? { sizes: work.texts.map(estimator.size) }
    : { compacted: compact(work.job, estimator, () => performance.now()) };
}

/** A work in the queue, with the settlers of its promise. */
type Waiting = Readonly<{ work: Work; resolve: (done: Done) => void; reject: (error: unknown) => void }>;

export type WorkerQueueOptions = Readonly<{
  estimator: Estimator;
  /** The worker's script, which answers each `WorkRequest` with one `WorkAnswer`. */
  workerScript: URL;
}>;

export class WorkerQueue {
  readonly #options: WorkerQueueOptions;
  /** Works that somebody's message waits for go before those that were asked for by hand. */
  readonly #urgent: Waiting[] = [];
  readonly #patient: Waiting[] = [];
  /** Short works, which the event loop may do as well. */
  readonly #shared: Waiting[] = [];
  #current: Waiting | null = null;
  /** Whether `#current` is one of the short works. */
  #isShort = false;
  #worker: Worker | null = null;
  #isHelping = false;

  constructor(options: WorkerQueueOptions) {
    this.#options = options;
  }

  /**
   * Does a work in the worker when its turn has come. Throws whatever the work throws, if the worker ends before it
   * answers, and 503 `compaction_busy` where too many wait.
   */
  run(work: Work, urgent: boolean): Promise<Done> {
    if (this.#urgent.length + this.#patient.length >= MAX_WAITING) throw conversationErrors.compactionBusy();
    return this.#enqueue(urgent ? this.#urgent : this.#patient, work);
  }

  /** How many works wait or are being done by the worker. */
  get length(): number {
    const waiting = this.#urgent.length + this.#shared.length + this.#patient.length;
    return waiting + (this.#current === null ? 0 : 1);
  }

  /**
   * Does a short work in the worker or on the event loop, whichever comes to it first; it waits for no long work.
   * Throws what the work throws.
   */
  share(work: Work): Promise<Done> {
    // It is started by a work that nobody waits for. Why it cannot start is told to whoever needs it.
    if (this.#worker === null) this.#enqueue(this.#patient, { kind: 'count', texts: [] }).catch(() => {});
    return this.#enqueue(this.#shared, work).catch(() => doWork(work, this.#options.estimator));
  }

  /** Terminates the worker; the work in progress fails, and so do those that wait. */
  async close(): Promise<void> {
    const ended = new Error('The worker was closed.');
    for (const { reject } of [this.#urgent, this.#patient, this.#shared].flatMap((list) => list.splice(0)))
      reject(ended);
    await this.#worker?.terminate();
  }

  #enqueue(list: Waiting[], work: Work): Promise<Done> {
    return new Promise((resolve, reject) => {
      list.push({ work, resolve, reject });
      this.#postNext();
      this.#offerHelp();
    });
  }

  /** One short work is left to a worker that will come to it soon. */
  #offerHelp(): void {
    const isLeftToWorker = this.#shared.length === 1 && this.#isShort && this.#urgent.length === 0;
    if (this.#isHelping || this.#shared.length === 0 || isLeftToWorker) return;
    this.#isHelping = true;
    setImmediate(this.#help);
  }

  /** Does one short work in a turn of the event loop, so that requests are answered in between. */
  readonly #help = (): void => {
    this.#isHelping = false;
    const short = this.#shared.shift();
    if (short === undefined) return;
    try {
      short.resolve(doWork(short.work, this.#options.estimator));
    } catch (error) {
      short.reject(error);
    }
    this.#offerHelp();
  };

  /** Posts one work at a time: a posted one is copied, and its copy would wait in memory. */
  #postNext(): void {
    if (this.#current !== null) return;
    this.#isShort = this.#urgent.length === 0 && this.#shared.length > 0;
    this.#current = this.#urgent.shift() ?? this.#shared.shift() ?? this.#patient.shift() ?? null;
    if (this.#current === null) return;
    const request: WorkRequest = { work: this.#current.work, estimator: this.#options.estimator.name };
    this.#running().postMessage(request);
  }

  /** Returns the worker, starting it if there is none. It does not keep the process alive. */
  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    // V8 looks at it when a heap is made. The limits of a worker would give way to what `npm start` says.
    setFlagsFromString(`--max-semi-space-size=${SEMI_SPACE_MB}`);
    const worker = new Worker(this.#options.workerScript);
    worker.unref();
    worker.on('message', (answer: WorkAnswer) => this.#settle(answer));
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('The worker ended.')));
    this.#worker = worker;
    return worker;
  }

  #settle(answer: WorkAnswer): void {
    const settled = this.#current;
    this.#current = null;
    if ('error' in answer) settled?.reject(answer.error);
    else settled?.resolve(answer.done);
    this.#postNext();
  }

  /** Rejects the work in progress and forgets the worker, so that the next work starts a new one. */
  #fail(worker: Worker, error: unknown): void {
    // An ended worker tells of it twice, by its error and by its exit.
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#settle({ error });
  }
}
