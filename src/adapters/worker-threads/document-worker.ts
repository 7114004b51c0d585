/** Reads documents in a worker thread, one at a time, within bounds of memory and time: none holds the event loop. */
import { Worker } from 'node:worker_threads';
import type { DocumentReader, PackedFile, Reading, ReadPassage } from '#application/library/documents/reading.ts';
import type { DocumentKind } from '#domain/library/document.ts';
import { readingErrors } from '#domain/library/errors.ts';
import { type Refused, refusalFrom } from './refused.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What the worker does. Bytes are handed over, and those of an archive come back. */
export type DocumentWork = Readonly<
  | { kind: 'read'; id: string; as: DocumentKind; bytes: Bytes }
  | { kind: 'list'; archive: Bytes }
  | { kind: 'take'; archive: Bytes; index: number }
>;

/** `batches`: each is the JSON of an array of passages, which is parsed when it is needed. */
export type DocumentDone = Readonly<
  | { kind: 'read'; pages: number | null; notes: readonly string[]; passages: number; batches: readonly Bytes[] }
  | { kind: 'list'; names: readonly string[]; archive: Bytes }
  | { kind: 'take'; file: PackedFile; archive: Bytes }
>;
export type DocumentAnswer = Readonly<{ done: DocumentDone } | { refused: Refused } | { error: unknown }>;

type Limits = Readonly<{ memoryMb: number; ms: number }>;

/** A book of 500 pages takes a tenth of each. */
const LIMITS: Limits = { memoryMb: 1_024, ms: 300_000 };
/** A worker that has nothing to do is ended, and gives back what it has taken. */
const IDLE_MS = 10_000;

type Options = Readonly<{
  /** The worker's script, which answers each `DocumentWork` with one `DocumentAnswer`. */
  workerScript: URL;
  /** What the script is told. */
  workerData: unknown;
  limits?: Limits;
}>;

type Waiting = Readonly<{
  work: DocumentWork;
  resolve: (done: DocumentDone) => void;
  reject: (error: unknown) => void;
}>;

export class DocumentWorker implements DocumentReader {
  readonly #options: Options;
  readonly #limits: Limits;
  readonly #waiting: Waiting[] = [];
  #current: Waiting | null = null;
  #worker: Worker | null = null;
  /** Ends the work in progress when its time is over, or a worker that is idle. */
  #timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#limits = options.limits ?? LIMITS;
  }

  async read({ id, kind, bytes }: Parameters<DocumentReader['read']>[0], signal: AbortSignal): Promise<Reading> {
    const done = await this.#ask({ kind: 'read', id, as: kind, bytes }, signal);
    if (done.kind !== 'read') throw new Error(OTHER);
    const { pages, notes, passages, batches } = done;
    return { pages, notes, passages, batches: batches.length, batch: (index) => parsed(batches[index]) };
  }

  async list(archive: Bytes, signal: AbortSignal) {
    const done = await this.#ask({ kind: 'list', archive }, signal);
    if (done.kind !== 'list') throw new Error(OTHER);
    return done;
  }

  async take(archive: Bytes, index: number, signal: AbortSignal) {
    const done = await this.#ask({ kind: 'take', archive, index }, signal);
    if (done.kind !== 'take') throw new Error(OTHER);
    return done;
  }

  /** Ends the worker; what is in progress fails, and so does what waits. */
  async close(): Promise<void> {
    const worker = this.#worker;
    this.#fail(worker, new Error('The reader was closed.'));
    for (const { reject } of this.#waiting.splice(0)) reject(new Error('The reader was closed.'));
    await worker?.terminate();
  }

  #ask(work: DocumentWork, signal: AbortSignal): Promise<DocumentDone> {
    const { promise, resolve, reject } = Promise.withResolvers<DocumentDone>();
    if (signal.aborted) return Promise.reject(signal.reason);
    const waiting = { work, resolve, reject };
    const abort = () => this.#drop(waiting, signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#waiting.push(waiting);
    this.#postNext();
    return promise.finally(() => signal.removeEventListener('abort', abort));
  }

  /** Nothing interrupts a reading but the end of its thread. */
  #drop(waiting: Waiting, reason: unknown): void {
    if (this.#current === waiting) this.#end(reason);
    const index = this.#waiting.indexOf(waiting);
    if (index >= 0) this.#waiting.splice(index, 1);
    waiting.reject(reason);
  }

  /** Posts one work at a time: each may take as much memory as there is for it. */
  #postNext(): void {
    if (this.#current !== null) return;
    clearTimeout(this.#timer);
    this.#current = this.#waiting.shift() ?? null;
    if (this.#current === null) {
      this.#timer = setTimeout(() => this.#end(undefined), IDLE_MS).unref();
      return;
    }
    const { work } = this.#current;
    const tooLong = readingErrors.brokeOff({}, `It took longer than ${this.#limits.ms / 1_000} seconds.`);
    this.#timer = setTimeout(() => this.#end(tooLong), this.#limits.ms).unref();
    const bytes = work.kind === 'read' ? work.bytes : work.archive;
    this.#running().postMessage(work, [bytes.buffer]);
  }

  /** The worker, which is started when it is needed. It does not keep the process alive. */
  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    const { workerScript, workerData } = this.#options;
    const resourceLimits = { maxOldGenerationSizeMb: this.#limits.memoryMb };
    const worker = new Worker(workerScript, { workerData, resourceLimits });
    worker.unref();
    worker.on('message', (answer: DocumentAnswer) => this.#settle(worker, answer));
    worker.on('error', (error) => this.#fail(worker, causeOf(error)));
    worker.on('exit', () => this.#fail(worker, new Error('The thread that reads documents ended.')));
    this.#worker = worker;
    return worker;
  }

  #settle(worker: Worker, answer: DocumentAnswer): void {
    if (this.#worker !== worker) return;
    const settled = this.#current;
    this.#current = null;
    if ('done' in answer) settled?.resolve(answer.done);
    else settled?.reject('refused' in answer ? refusalFrom(answer.refused) : answer.error);
    this.#postNext();
  }

  #end(error: unknown): void {
    const worker = this.#worker;
    this.#fail(worker, error);
    void worker?.terminate();
  }

  /** Rejects the work in progress and forgets the worker. It tells of its end twice, by its error and by its exit. */
  #fail(worker: Worker | null, error: unknown): void {
    if (worker === null || this.#worker !== worker) return;
    this.#worker = null;
    const failed = this.#current;
    this.#current = null;
    failed?.reject(error);
    this.#postNext();
  }
}

const OTHER = 'The worker answered something else.';

function parsed(batch: Bytes | undefined): readonly ReadPassage[] {
  return batch === undefined ? [] : JSON.parse(new TextDecoder().decode(batch));
}

function causeOf(error: unknown): unknown {
  const isMemory = (error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY';
  return isMemory ? readingErrors.brokeOff({}, 'It took more memory than there is for one document.') : error;
}
