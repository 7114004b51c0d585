/**
 * The one queue through which a process writes to its SQLite file: hot calls share a commit, units of work have their
 * own.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';

type Call = Readonly<{ statement: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void }>;
type Unit = Readonly<{ start: () => Promise<void> }>;
type Outcome = Readonly<{ value?: unknown; error?: unknown; failed: boolean }>;

/** So many calls at 20 µs each keep one batch within 5 ms on the event loop. */
const CALLS_PER_BATCH = 256;

/**
 * Calls that wait together run in one transaction, each in a savepoint, and are answered after its commit: one that
 * fails leaves the others alone, and a commit that fails rejects them all. Because a commit waits for the disk, it is
 * begun only when a turn of the event loop has brought no further call. There is no timer.
 */
export class WriterQueue {
  readonly #database: DatabaseSync;
  readonly #statements: Readonly<
    Record<'begin' | 'commit' | 'rollback' | 'savepoint' | 'undo' | 'release', StatementSync>
  >;
  #waiting: (Call | Unit)[] = [];
  /** How many waited when the event loop's last turn ended. */
  #seen = 0;
  #running = false;
  #closed = false;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = {
      begin: database.prepare('BEGIN IMMEDIATE'),
      commit: database.prepare('COMMIT'),
      rollback: database.prepare('ROLLBACK'),
      savepoint: database.prepare('SAVEPOINT call'),
      undo: database.prepare('ROLLBACK TO call'),
      release: database.prepare('RELEASE call'),
    };
  }

  /**
   * Runs synchronous statements on the queue's own connection; durable before it resolves. A throw undoes them alone.
   */
  call<T>(statement: () => T): Promise<T> {
    return new Promise((resolve, reject) => this.#enqueue({ statement, resolve, reject }));
  }

  /** Runs `work`, which opens and ends its own transaction on another connection, while nothing else writes. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => this.#enqueue({ start: () => work().then(resolve, reject) }));
  }

  /** How many calls and units of work wait. */
  get length(): number {
    return this.#waiting.length;
  }

  /** Resolves when everything that was queued is done; whatever comes later is rejected. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const drained = this.exclusive(async () => {});
    this.#closed = true;
    await drained;
  }

  #enqueue(task: Call | Unit): void {
    if (this.#closed) throw new Error('The database is closed.');
    this.#waiting.push(task);
    if (this.#running) return;
    this.#running = true;
    setImmediate(this.#next);
  }

  readonly #next = (): void => {
    const first = this.#waiting[0];
    if (first === undefined) {
      this.#running = false;
    } else if ('start' in first) {
      this.#waiting.shift();
      void first.start().then(() => setImmediate(this.#next));
    } else {
      if (this.#isComplete()) this.#runBatch(this.#takeCalls());
      setImmediate(this.#next);
    }
  };

  /** Whether the batch is full, or nothing joined it in the last turn of the event loop. */
  #isComplete(): boolean {
    const count = this.#waiting.length;
    const complete = count === this.#seen || count >= CALLS_PER_BATCH;
    this.#seen = complete ? 0 : count;
    return complete;
  }

  #takeCalls(): readonly Call[] {
    const unit = this.#waiting.findIndex((task) => 'start' in task);
    const count = Math.min(unit === -1 ? this.#waiting.length : unit, CALLS_PER_BATCH);
    return this.#waiting.splice(0, count) as Call[];
  }

  #runBatch(calls: readonly Call[]): void {
    let outcomes: readonly Outcome[];
    try {
      this.#statements.begin.run();
      outcomes = calls.map((call) => this.#runCall(call, calls.length === 1));
      this.#statements.commit.run();
    } catch (error) {
      if (this.#database.isTransaction) this.#statements.rollback.run();
      for (const call of calls) call.reject(error);
      return;
    }
    for (const [index, call] of calls.entries()) settle(call, outcomes[index] as Outcome);
  }

  #runCall(call: Call, alone: boolean): Outcome {
    // The transaction itself undoes a call that is alone in it.
    if (alone) return { value: call.statement(), failed: false };
    this.#statements.savepoint.run();
    try {
      const value = call.statement();
      this.#statements.release.run();
      return { value, failed: false };
    } catch (error) {
      // A full disk can end the whole transaction by itself; then nothing of the batch stands.
      if (!this.#database.isTransaction) throw error;
      this.#statements.undo.run();
      this.#statements.release.run();
      return { error, failed: true };
    }
  }
}

function settle(call: Call, outcome: Outcome): void {
  if (outcome.failed) call.reject(outcome.error);
  else call.resolve(outcome.value as never);
}
