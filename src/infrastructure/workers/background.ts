/** What is done behind the requests: failures are told to the audit, the audit is sealed, deleted authors are forgotten. */
import type { Container } from 'inversify';
import type { Logger } from 'pino';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { AnonymizeAuthors } from '#application/conversations/messages/anonymize-authors.ts';

/** Half of the second within which an audit entry is sealed. */
const POLL_INTERVAL_MS = 500;

export type Task = Readonly<{
  name: string;
  /** Whatever takes long ends early once `closing` is aborted, and goes on after the next start. */
  run(closing: AbortSignal): Promise<unknown>;
  /** What is done at the end, after every `run`. */
  finish?(): Promise<unknown>;
}>;

/** Tasks do not wait for each other, and one that fails is tried again in its next round. */
export class Background {
  readonly #tasks: readonly Task[];
  readonly #logger: Logger;
  readonly #failing = new Set<Task>();
  readonly #timers = new Map<Task, NodeJS.Timeout>();
  readonly #rounds = new Map<Task, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(deps: Readonly<{ tasks: readonly Task[]; logger: Logger }>) {
    this.#tasks = deps.tasks;
    this.#logger = deps.logger;
  }

  /** Begins at once: what an earlier process left undone is done first. */
  start(): void {
    for (const task of this.#tasks) this.#begin(task);
  }

  /** Ends after what is under way, and then a last time through the tasks in their order: each may leave work to the next. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#rounds.values());
    for (const task of this.#tasks) await this.#attempt(task, async () => task.finish?.());
  }

  #begin(task: Task): void {
    const { signal } = this.#closing;
    const round = this.#attempt(task, () => task.run(signal)).then(() => {
      if (!signal.aborted) this.#timers.set(task, setTimeout(() => this.#begin(task), POLL_INTERVAL_MS).unref());
    });
    this.#rounds.set(task, round);
  }

  async #attempt(task: Task, act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
      this.#failing.delete(task);
    } catch (error) {
      // Told once, until it succeeds again: a database that is away would fill the log.
      if (!this.#failing.has(task))
        this.#logger.warn({ err: error, task: task.name }, 'a task in the background failed');
      this.#failing.add(task);
    }
  }
}

export function startBackground(container: Container, logger: Logger): Background {
  const [failures, seal] = [container.get(AuditQueue), container.get(SealAudit)];
  const authors = container.get(AnonymizeAuthors);
  const tasks: readonly Task[] = [
    { name: 'tell failures to the audit', run: () => failures.flush(), finish: () => failures.close() },
    { name: 'seal the audit', run: () => seal.execute(), finish: () => seal.execute() },
    { name: 'forget deleted authors', run: (closing) => authors.execute(closing) },
  ];
  const background = new Background({ tasks, logger });
  background.start();
  return background;
}
