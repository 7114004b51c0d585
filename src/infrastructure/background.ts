/** What is done behind the requests: failures are told to the audit, the audit is sealed, deleted authors are forgotten. */
import type { Container } from 'inversify';
import type { Logger } from 'pino';
import { AuditedFailures } from '#application/audit/audited-failures.ts';
import { SealAudit } from '#application/audit/seal-audit.ts';
import { ForgetAuthors } from '#application/conversations/forget-authors.ts';

/** Half of the second within which an audit entry is sealed. */
const EVERY_MS = 500;

type Task = Readonly<{
  name: string;
  run(): Promise<unknown>;
  /** What is done in the last round, where that is something else. */
  finish?(): Promise<unknown>;
}>;

/** One round at a time; one task that fails stops no other, and is tried again in the next round. */
export class Background {
  readonly #tasks: readonly Task[];
  readonly #logger: Logger;
  readonly #failing = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(deps: Readonly<{ tasks: readonly Task[]; logger: Logger }>) {
    this.#tasks = deps.tasks;
    this.#logger = deps.logger;
  }

  /** Begins at once: what an earlier process left undone is done first. */
  start(): void {
    this.#round = this.#run(({ run }) => run()).then(() => {
      if (!this.#closed) this.#timer = setTimeout(() => this.start(), EVERY_MS).unref();
    });
  }

  /** Ends after a last round. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#round;
    await this.#run(({ run, finish = run }) => finish());
  }

  async #run(act: (task: Task) => Promise<unknown>): Promise<void> {
    for (const task of this.#tasks) {
      const { name } = task;
      try {
        await act(task);
        this.#failing.delete(name);
      } catch (error) {
        // Told once, until it succeeds again: a database that is away would fill the log.
        if (!this.#failing.has(name)) this.#logger.warn({ err: error, task: name }, 'a task in the background failed');
        this.#failing.add(name);
      }
    }
  }
}

export function startBackground(container: Container, logger: Logger): Background {
  const failures = container.get(AuditedFailures);
  const tasks = [
    { name: 'tell failures to the audit', run: () => failures.flush(), finish: () => failures.close() },
    { name: 'seal the audit', run: () => container.get(SealAudit).execute() },
    { name: 'forget deleted authors', run: () => container.get(ForgetAuthors).execute() },
  ];
  const background = new Background({ tasks, logger });
  background.start();
  return background;
}
