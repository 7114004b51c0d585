/** The threads of this process whose summaries wait to be refined. They are no record: a restart forgets them. */
import type { ThreadId } from '#domain/shared/ids.ts';

/** Further ones keep the summary that they have. */
const MAX_PENDING = 1_000;

export class PendingRefinements {
  readonly #threads = new Set<ThreadId>();

  add(id: ThreadId): void {
    if (this.#threads.size < MAX_PENDING) this.#threads.add(id);
  }

  /** The one that has waited longest, which waits no longer; undefined where none is left. */
  take(): ThreadId | undefined {
    const [first] = this.#threads;
    if (first !== undefined) this.#threads.delete(first);
    return first;
  }
}
