/** The fast path of an append, a single statement: when it suffices, and the guard that makes it safe. */
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { sizeAtPct } from '#domain/conversations/usage.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { AppendGuard } from '../ports.ts';

export class PlainAppend {
  /** The limits are the same for all threads. They are computed once, because `sizeAtPct` is a search. */
  readonly #limits: Pick<AppendGuard, 'sizeBelow' | 'maxEntries' | 'estimator'>;

  constructor({ settings }: Readonly<{ settings: ContextSettings }>) {
    const { policy, estimator } = settings;
    // Without automatic compaction the only limit is the budget: usage of 101 %, as rounded, is the first size over it.
    this.#limits = {
      sizeBelow: sizeAtPct(policy.automatic ? policy.triggerPct : 101, policy, estimator),
      maxEntries: policy.automatic ? policy.maxEntries : Number.MAX_SAFE_INTEGER,
      estimator: estimator.name,
    };
  }

  /**
   * Whether the window with the message stays below the trigger or, if automatic compaction is off, within the budget.
   */
  fits(thread: Thread, draft: MessageDraft): boolean {
    const { sizeBelow, maxEntries, estimator } = this.#limits;
    return (
      thread.estimator === estimator && thread.windowSize + draft.size < sizeBelow && thread.windowEntries < maxEntries
    );
  }

  /** Returns the conditions that make the append fail if the thread has changed since it was read. */
  guard(thread: Thread): AppendGuard {
    return { ...this.#limits, ifVersion: thread.version };
  }
}
