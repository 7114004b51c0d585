/**
 * Appends of one process that wait together share a statement and a commit: the first goes at once, and those that come
 * while statements are under way go together in the next one. There is no timer, and each ends as if it came alone.
 */
import { storeErrors } from '#application/shared/store-errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { ThreadRow } from '../conversations/threads.ts';
import type { AppendOutcome } from './append-statements.ts';
import type { Append, WhenLocked } from './append-writer.ts';

/** How each of the appends ended, in their order. Where it throws, none of them was made, or nobody knows. */
export type WriteAppends = (appends: readonly Append[], whenLocked: WhenLocked) => Promise<readonly AppendOutcome[]>;

type Waiting = Append &
  Readonly<{
    /** In milliseconds, on the clock of `performance`. */
    since: number;
    resolve: (thread: ThreadRow | undefined) => void;
    reject: (error: unknown) => void;
  }>;

/** One is prepared while another is being committed. */
const MAX_STATEMENTS = 2;
const MAX_APPENDS_PER_STATEMENT = 100;
/** A statement ends soon after, in UTF-16 code units of text: it has 1.5 s. */
const MAX_TEXT_PER_STATEMENT = 1_000_000;
/** What waits beyond it is refused, in UTF-16 code units of text. */
const MAX_TEXT_WAITING = 64_000_000;
/** Whoever waited this long for a statement that failed has no time left for another. */
const MAX_WAIT_MS = 200;

export class AppendQueue {
  readonly #write: WriteAppends;
  #waiting: Waiting[] = [];
  #textWaiting = 0;
  /** Threads with an append under way: no statement waits for another one of this process. */
  readonly #busy = new Set<string>();
  #statements = 0;
  #scheduled = false;

  constructor(write: WriteAppends) {
    this.#write = write;
  }

  /**
   * Resolves with the thread after the append; undefined where a condition of it failed. Throws 503 `store_unavailable`
   * where too much is waiting already.
   */
  async append(append: Append): Promise<ThreadRow | undefined> {
    if (this.#textWaiting > MAX_TEXT_WAITING) throw storeErrors.storeUnavailable();
    return new Promise((resolve, reject) => {
      this.#textWaiting += textOf(append);
      this.#waiting.push({ ...append, since: performance.now(), resolve, reject });
      this.#schedule();
    });
  }

  /** How many appends wait for a statement. */
  get length(): number {
    return this.#waiting.length;
  }

  /** At the end of this turn of the event loop, whose appends are then together. */
  #schedule(): void {
    if (this.#scheduled || this.#statements >= MAX_STATEMENTS || this.#waiting.length === 0) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const taken = this.#take(this.#nextOnes());
      if (taken.length > 0) void this.#run(taken);
    });
  }

  /** As many as one statement has room for, of threads that have none under way; one at least. */
  #nextOnes(): (append: Waiting) => boolean {
    let [count, text] = [0, 0];
    return (append) => {
      if (this.#busy.has(append.row.thread_id) || count === MAX_APPENDS_PER_STATEMENT) return false;
      if (count > 0 && text + textOf(append) > MAX_TEXT_PER_STATEMENT) return false;
      count += 1;
      text += textOf(append);
      return true;
    };
  }

  /** Takes those that are asked for out of what waits, in their order. */
  #take(isWanted: (append: Waiting) => boolean): readonly Waiting[] {
    const { taken = [], left = [] } = Object.groupBy(this.#waiting, (one) => (isWanted(one) ? 'taken' : 'left'));
    this.#waiting = left;
    for (const one of taken) this.#textWaiting -= textOf(one);
    return taken;
  }

  /** Threads that the statement passed over, or that may have made it fail, go on by themselves. */
  async #run(appends: readonly Waiting[]): Promise<void> {
    for (const { row } of appends) this.#busy.add(row.thread_id);
    this.#statements += 1;
    const left = Map.groupBy(await this.#attempt(appends, 'skip'), ({ row }) => row.thread_id);
    this.#statements -= 1;
    for (const { row } of appends) if (!left.has(row.thread_id)) this.#busy.delete(row.thread_id);
    this.#schedule();
    for (const [id, own] of left) void this.#finish(id, own);
  }

  async #finish(id: string, appends: readonly Waiting[]): Promise<void> {
    await this.#settle(appends);
    this.#busy.delete(id);
    this.#schedule();
  }

  /** Settles appends to one thread, together as long as that leads on. */
  async #settle(appends: readonly Waiting[]): Promise<void> {
    const left = await this.#attempt(appends, 'wait');
    if (left.length === 0) return;
    if (left.length < appends.length) return this.#settle(left);
    for (const one of left) await this.#attempt([one], 'wait');
  }

  /**
   * Answers those whose end is known, and gives back the others, which were not made: all of them where one may have
   * made the statement fail.
   */
  async #attempt(appends: readonly Waiting[], whenLocked: WhenLocked): Promise<readonly Waiting[]> {
    try {
      const outcomes = await this.#write(appends, whenLocked);
      for (const [i, { resolve }] of appends.entries()) if (!outcomes[i]!.passedOver) resolve(outcomes[i]!.thread);
      return appends.filter((_, i) => outcomes[i]!.passedOver);
    } catch (error) {
      const isAway = error instanceof DomainError && error.kind === 'unavailable';
      if (!isAway && appends.length > 1) return appends;
      for (const { reject } of appends) reject(error);
      if (isAway) this.#refuseLate(whenLocked === 'wait' ? appends[0]?.row.thread_id : undefined);
      return [];
    }
  }

  /** Of one thread, or of all. */
  #refuseLate(thread: string | undefined): void {
    const latest = performance.now() - MAX_WAIT_MS;
    const isLate = ({ row, since }: Waiting) => since < latest && (thread ?? row.thread_id) === row.thread_id;
    for (const { reject } of this.#take(isLate)) reject(storeErrors.storeUnavailable());
  }
}

function textOf({ row }: Append): number {
  return row.content.length + (row.tool_calls?.length ?? 0) + row.metadata.length;
}
