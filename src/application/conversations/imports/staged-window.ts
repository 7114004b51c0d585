/** The window of a thread that is being imported, which is compacted as its messages come: it never holds them all. */
import type { Clock } from '#application/shared/clock.ts';
import { goalForAppend } from '#domain/conversations/compaction/compaction-plan.ts';
import { compactionRevision } from '#domain/conversations/compaction/compaction-revision.ts';
import { checkPins, unreachable } from '#domain/conversations/compaction/protection.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { atTrigger, usagePct } from '#domain/conversations/usage.ts';
import { verbatim, type Window } from '#domain/conversations/window.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { Compactor } from '../ports.ts';

type Deps = Readonly<{ compactor: Compactor; clock: Clock; settings: ContextSettings }>;

/** A thread after a page, the compaction that it needed, and its window. */
export type Grown = Readonly<{ thread: Thread; revision: Revision | null; window: Window }>;

export class StagedWindow {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Appends messages to a window, and compacts it where it is at the trigger with them. Throws 413 `pins_over_budget`;
   * 413 `context_budget_unreachable` where it cannot be compacted enough, or nothing is compacted by itself and it is
   * over its budget; 503 `compaction_busy`.
   */
  async grow(
    before: Thread,
    window: Window,
    messages: readonly MessageDraft[],
    pinned: ReadonlySet<number>,
  ): Promise<Grown> {
    const { policy, estimator } = this.#deps.settings;
    const added = messages.map((message, i) => {
      const seq = before.lastSeq + i + 1;
      return verbatim(message, seq, pinned.has(seq));
    });
    const size = added.reduce((sum, entry) => sum + entry.size, window.size);
    const grown = { ...window, size, entries: [...window.entries, ...added] };
    if (pinned.size > 0) checkPins(grown, 'message', policy, estimator);
    const thread = { ...before, lastSeq: before.lastSeq + messages.length };
    if (policy.automatic && atTrigger(grown.size, grown.entries.length, policy, estimator))
      return this.#compacted(thread, grown);
    const goal = goalForAppend(policy, estimator);
    if (usagePct(grown.size, policy, estimator) > 100) throw unreachable(grown, goal, policy, estimator, []);
    return { thread: withWindow(thread, grown), revision: null, window: grown };
  }

  async #compacted(thread: Thread, before: Window): Promise<Grown> {
    const { compactor, clock, settings } = this.#deps;
    const { policy, estimator } = settings;
    const goal = goalForAppend(policy, estimator);
    const compacted = await compactor.compact({ window: before, policy, goal, appending: false });
    const { window, steps } = compacted;
    if (atTrigger(window.size, window.entries.length, policy, estimator))
      throw unreachable(before, goal, policy, estimator, steps);
    const { entries } = window;
    const revision = compactionRevision({ thread, before, compacted, entries, by: null, at: clock.now() }, estimator);
    const revised = { ...thread, version: thread.version + 1, revision: revision.id };
    return { thread: withWindow(revised, window), revision, window };
  }
}

function withWindow(thread: Thread, { size, entries }: Window): Thread {
  return { ...thread, windowSize: size, windowEntries: entries.length };
}
