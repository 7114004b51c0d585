/** Runs what is done behind the requests: tasks that modules contribute, each at its own interval. */
import type { Logger } from 'pino';

export type BackgroundTask = Readonly<{
  /** For the log. */
  name: string;
  /** How long after the end of a run the next one begins. */
  everyMs: number;
  /** Whatever takes long ends early once `closing` is aborted, and goes on after the next start. */
  run(closing: AbortSignal): Promise<unknown>;
  /** What is done at the end, after every `run`. */
  finish?(): Promise<unknown>;
}>;

/** Told how each run of a task ended. */
type RecordRun = (task: string, outcome: 'done' | 'failed') => void;

type Deps = Readonly<{ tasks: readonly BackgroundTask[]; logger: Logger; record?: RecordRun }>;

/** Tasks do not wait for each other, and one that fails is tried again in its next run. */
export class Background {
  readonly #tasks: readonly BackgroundTask[];
  readonly #logger: Logger;
  readonly #record: RecordRun;
  readonly #failing = new Set<BackgroundTask>();
  readonly #timers = new Map<BackgroundTask, NodeJS.Timeout>();
  readonly #runs = new Map<BackgroundTask, Promise<void>>();
  readonly #closing = new AbortController();

  constructor({ tasks, logger, record = () => {} }: Deps) {
    this.#tasks = tasks;
    this.#logger = logger;
    this.#record = record;
  }

  /** Begins at once: what an earlier process left undone is done first. */
  start(): void {
    for (const task of this.#tasks) this.#begin(task);
  }

  /**
   * Ends after what is under way, and then a last time through the tasks in their order: each may leave work to the
   * next.
   */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#runs.values());
    for (const task of this.#tasks) await this.#attempt(task, async () => task.finish?.());
  }

  #begin(task: BackgroundTask): void {
    const { signal } = this.#closing;
    const run = this.#attempt(task, () => task.run(signal)).then(() => {
      if (!signal.aborted) this.#timers.set(task, setTimeout(() => this.#begin(task), task.everyMs).unref());
    });
    this.#runs.set(task, run);
  }

  async #attempt(task: BackgroundTask, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      this.#failing.delete(task);
      this.#record(task.name, 'done');
    } catch (error) {
      this.#record(task.name, 'failed');
      // Told once, until it succeeds again: a database that is away would fill the log.
      if (!this.#failing.has(task))
        this.#logger.warn({ err: error, task: task.name }, 'a task in the background failed');
      this.#failing.add(task);
    }
  }
}

export function startBackground(deps: Deps): Background {
  const background = new Background(deps);
  background.start();
  return background;
}
