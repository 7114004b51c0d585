/**
 * Searches in a worker thread of its own, which also keeps the index of transcripts: none of it holds the event loop.
 */
import { Worker } from 'node:worker_threads';
import type {
  SearchPage,
  SearchRequest,
  TranscriptSearch,
} from '#application/conversations/search/transcript-search.ts';
import type { FindRequest, Found, PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { EventLoopLoad } from './event-loop-load.ts';
import { type Refused, refusalFrom } from './refused.ts';

/** More searches than this do not wait. */
const MAX_UNDER_WAY = 20;
/** The start of a server comes first: before it has run for so long, no worker is started to look after the index. */
const FIRST_UPKEEP_MS = 5_000;
/** Requests come first: above this share of the event loop's time, the index waits for a processor. */
const MAX_LOAD = 0.75;
/** For no longer than this, in milliseconds: or it would never be kept where there is always something to do. */
const MAX_WAIT_MS = 2_000;
/** Longer than the database's own limit: it is for a search that nothing else ends. */
const DEADLINE_MS = 3_000;
/** Of whoever waits for the worker to start, and to open the database. */
const FIRST_DEADLINE_MS = 10_000;

/**
 * What the worker does: a search of messages or of passages, or a while of upkeep, of which it tells how many messages
 * are not indexed yet.
 */
export type SearchWork = Readonly<
  { kind: 'search'; request: SearchRequest } | { kind: 'find'; request: FindRequest } | { kind: 'upkeep' }
>;
type Done = Readonly<{ page: SearchPage } | { found: Found } | { behind: number; hasMore: boolean }>;

export type SearchAsked = Readonly<{ id: number; work: SearchWork }>;
export type SearchAnswer = Readonly<{ id: number } & ({ done: Done } | { refused: Refused } | { error: unknown })>;

type Waiting = Readonly<{ resolve: (done: Done) => void; reject: (error: unknown) => void }>;

type Options = Readonly<{
  /** The worker's script, which answers each `SearchAsked` with one `SearchAnswer`. */
  workerScript: URL;
  /** What the script is told. */
  workerData: unknown;
  load: EventLoopLoad;
}>;

export class WorkerSearch implements TranscriptSearch, PassageFinder {
  readonly #options: Options;
  readonly #waiting = new Map<number, Waiting>();
  readonly #openedMs = performance.now();
  #worker: Worker | null = null;
  #asked = 0;
  #searching = 0;
  #behind: number | null = null;
  #keptMs = Number.NEGATIVE_INFINITY;

  constructor(options: Options) {
    this.#options = options;
  }

  /** How many searches are under way. */
  get searching(): number {
    return this.#searching;
  }

  /** How many messages were not indexed when it was last looked; null before. */
  get behind(): number | null {
    return this.#behind;
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    const done = await this.#searched({ kind: 'search', request });
    if ('page' in done) return done.page;
    throw new Error('The worker answered something else.');
  }

  async find(request: FindRequest): Promise<Found> {
    const done = await this.#searched({ kind: 'find', request });
    if ('found' in done) return done.found;
    throw new Error('The worker answered something else.');
  }

  async #searched(work: SearchWork): Promise<Done> {
    if (this.#searching >= MAX_UNDER_WAY) throw conversationErrors.searchBusy();
    this.#searching += 1;
    // It may be in one step that nothing interrupts: the worker ends with it, and the next search starts another one.
    const deadline = setTimeout(
      () => this.#end(conversationErrors.searchTimeout()),
      this.#worker === null ? FIRST_DEADLINE_MS : DEADLINE_MS,
    );
    try {
      return await this.#ask(work);
    } finally {
      clearTimeout(deadline);
      this.#searching -= 1;
    }
  }

  /**
   * Keeps the index until there is nothing to do, the event loop becomes busy, or `closing` is aborted. Throws what
   * keeps it from it.
   */
  async keepIndex(closing: AbortSignal): Promise<void> {
    if (this.#worker === null && performance.now() - this.#openedMs < FIRST_UPKEEP_MS) return;
    for (let hasMore = true; hasMore && !closing.aborted && !this.#mustWait(); ) {
      const done = await this.#ask({ kind: 'upkeep' });
      if (!('behind' in done)) throw new Error('The worker answered something else.');
      this.#behind = done.behind;
      this.#keptMs = performance.now();
      hasMore = done.hasMore;
    }
  }

  #mustWait(): boolean {
    return this.#options.load.share() > MAX_LOAD && performance.now() - this.#keptMs < MAX_WAIT_MS;
  }

  /** Ends the worker. What is not indexed yet is indexed after the next start. */
  async close(): Promise<void> {
    await this.#end(new Error('The search was closed.'));
  }

  #ask(work: SearchWork): Promise<Done> {
    return new Promise((resolve, reject) => {
      const id = ++this.#asked;
      this.#waiting.set(id, { resolve, reject });
      this.#running().postMessage({ id, work } satisfies SearchAsked);
    });
  }

  /** The worker, which is started when it is first needed. It does not keep the process alive. */
  #running(): Worker {
    if (this.#worker !== null) return this.#worker;
    const { workerScript, workerData } = this.#options;
    const worker = new Worker(workerScript, { workerData });
    worker.unref();
    worker.on('message', (answer: SearchAnswer) => this.#settle(answer));
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', () => this.#fail(worker, new Error('The worker ended.')));
    this.#worker = worker;
    return worker;
  }

  #settle(answer: SearchAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('done' in answer) waiting?.resolve(answer.done);
    else waiting?.reject('refused' in answer ? refusalFrom(answer.refused) : answer.error);
  }

  async #end(error: unknown): Promise<void> {
    const worker = this.#worker;
    if (worker === null) return;
    this.#fail(worker, error);
    await worker.terminate();
  }

  /** What waits is rejected, and the worker forgotten. It tells of its end twice, by its error and by its exit. */
  #fail(worker: Worker, error: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
