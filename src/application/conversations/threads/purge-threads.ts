/** Removes what was said in deleted conversations, page by page. */
import type { Clock } from '#application/shared/clock.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Contexts, DeletedThreads } from '../ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ deletedThreads: DeletedThreads }>;
  reads: Readonly<{ deletedThreads: Pick<DeletedThreads, 'find'> }>;
  contexts: Pick<Contexts, 'remove'>;
  clock: Clock;
}>;

export class PurgeThreads {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Runs until no deleted thread is left, or until the current page is done after `closing` is aborted. */
  async execute(closing: AbortSignal): Promise<void> {
    while (!closing.aborted) {
      const id = await this.#deps.reads.deletedThreads.find(this.#deps.clock.now());
      if (id === undefined) return;
      await this.#purge(id, closing);
    }
  }

  /**
   * Each page is a unit of work of its own, so that other units of work do not wait long. Whatever was under way when
   * the thread was deleted may have saved a copy of its window since.
   */
  async #purge(id: ThreadId, closing: AbortSignal): Promise<void> {
    const { unitOfWork, contexts, clock } = this.#deps;
    await contexts.remove(id);
    const page = () => unitOfWork.run(({ deletedThreads }) => deletedThreads.purgePage(id, clock.now()));
    while (!closing.aborted && !(await page()));
  }
}
