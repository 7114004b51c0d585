/** Compacts a window that the language model finds too long, before it is asked again. */
import type { Clock } from '#application/shared/clock.ts';
import { goalForManual, isWorthKeeping } from '#domain/conversations/compaction/compaction-plan.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { Compactor, Conversations } from '../ports.ts';
import { commitCompaction } from './commit-compaction.ts';
import type { WindowReader } from './window-reader.ts';

/** How often it is tried again after a concurrent change of the window. */
const MAX_ATTEMPTS = 5;

type Deps = Readonly<{
  conversations: Pick<Conversations, 'commit'>;
  windows: WindowReader;
  compactor: Compactor;
  clock: Clock;
  settings: ContextSettings;
}>;

export class CompactForModel {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * As far as a compaction by hand would lead, for the thread and nobody in particular. False, with nothing changed,
   * where automatic compaction is off, or too little would be freed. Throws 404 `thread_not_found`; 503
   * `append_contended`, `compaction_busy`.
   */
  async execute(id: ThreadId): Promise<boolean> {
    if (!this.#deps.settings.policy.automatic) return false;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const compacted = await this.#attempt(id);
      if (compacted !== undefined) return compacted;
    }
    return false;
  }

  /** Undefined where the window changed meanwhile. */
  async #attempt(id: ThreadId): Promise<boolean | undefined> {
    const { windows, compactor, clock, settings } = this.#deps;
    const { policy, estimator } = settings;
    const { thread, window: before } = await windows.read(id);
    const goal = goalForManual(before, policy, estimator);
    const compacted = await compactor.compact({ window: before, policy, goal, appending: false });
    if (!isWorthKeeping(before, compacted.window, policy, estimator)) return false;
    const { entries } = compacted.window;
    const record = { thread, before, compacted, entries, by: null, at: clock.now() };
    const committed = await commitCompaction(this.#deps, thread, record);
    return committed && true;
  }
}
