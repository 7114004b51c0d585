/** The append that is one statement: up to where it will do, and what must hold while it happens. */
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { sizeAtPct } from '#domain/conversations/usage.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { AppendGuard } from '../ports.ts';

export class PlainAppend {
  /** The same for all threads, and to find them is a search. */
  readonly #limits: Pick<AppendGuard, 'sizeBelow' | 'maxEntries' | 'estimator'>;

  constructor({ settings }: Readonly<{ settings: ContextSettings }>) {
    const { policy, estimator } = settings;
    this.#limits = {
      sizeBelow: sizeAtPct(policy.automatic ? policy.triggerPct : 101, policy, estimator),
      maxEntries: policy.automatic ? policy.maxEntries : Number.MAX_SAFE_INTEGER,
      estimator: estimator.name,
    };
  }

  /** Whether the message would stay below the trigger or, where nothing compacts by itself, within the budget. */
  fits(thread: Thread, draft: MessageDraft): boolean {
    const { sizeBelow, maxEntries, estimator } = this.#limits;
    return (
      thread.estimator === estimator && thread.windowSize + draft.size < sizeBelow && thread.windowEntries < maxEntries
    );
  }

  guard(thread: Thread): AppendGuard {
    return { ...this.#limits, ifVersion: thread.version };
  }
}
