/** The slow path of an append: reads the window to compact it first, to pin the new message, or to end a reply. */

import type { ToStoredResponse } from '#application/shared/idempotency.ts';
import type { Compacted } from '#domain/conversations/compaction/chain.ts';
import { goalForAppend, isMet } from '#domain/conversations/compaction/compaction-plan.ts';
import { compactionRevision } from '#domain/conversations/compaction/compaction-revision.ts';
import { checkPins, checkReachable, unreachable } from '#domain/conversations/compaction/protection.ts';
import { reshapedMessages } from '#domain/conversations/compaction/reshaped-messages.ts';
import type { Message, MessageDraft } from '#domain/conversations/message.ts';
import { requireUnarchived } from '#domain/conversations/policy.ts';
import type { ContextEvent, Revision } from '#domain/conversations/revision.ts';
import { titleOf } from '#domain/conversations/thread.ts';
import { atTrigger, type Usage, usagePct } from '#domain/conversations/usage.ts';
import { verbatim, type Window, withEntry } from '#domain/conversations/window.ts';
import type { ThreadWindow, WindowReader } from '../context/window-reader.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import type { Compactor, Conversations, Reply } from '../ports.ts';

export type AppendedMessage = Readonly<{
  message: Message & Readonly<{ pinned: boolean }>;
  usage: Usage;
  /** The compaction that made room for the message; null if none was needed. */
  compaction: ContextEvent | null;
}>;

/** A message with what is committed together with it. */
type Addition = Readonly<{
  draft: MessageDraft;
  pinned: boolean;
  /** Where the message is a reply. */
  reply: Reply | undefined;
  toStoredResponse: ToStoredResponse<number> | undefined;
}>;

type Deps = Readonly<{
  conversations: Pick<Conversations, 'commit'>;
  windows: WindowReader;
  compactor: Compactor;
  settings: ContextSettings;
}>;

export class CompactingAppend {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Commits the message with its pin and the compaction that it needs, atomically. Returns undefined, with nothing
   * changed, if the thread changed concurrently, its reply is not under way any more, or a plain append suffices.
   * Throws 409 `archived`; 413 `context_budget_unreachable`, `pins_over_budget`.
   */
  async attempt(addition: Addition): Promise<AppendedMessage | undefined> {
    const { draft, pinned, reply } = addition;
    const current = await this.#deps.windows.read(draft.threadId);
    requireUnarchived(current.thread);
    const prospective = withEntry(current.window, verbatim(draft, current.thread.lastSeq + 1, pinned));
    if (pinned) checkPins(prospective, 'message', this.#deps.settings.policy, this.#deps.settings.estimator);
    if (this.#mustCompact(prospective)) return this.#compactAndCommit(current, prospective, addition);
    return pinned || reply !== undefined ? this.#commit(current, prospective, null, addition) : undefined;
  }

  /**
   * Throws 413 `context_budget_unreachable` if the message exceeds the whole budget and automatic compaction is off.
   */
  #mustCompact(prospective: Window): boolean {
    const { policy, estimator } = this.#deps.settings;
    if (policy.automatic) return atTrigger(prospective.size, prospective.entries.length, policy, estimator);
    if (usagePct(prospective.size, policy, estimator) > 100) {
      throw unreachable(prospective, goalForAppend(policy, estimator), policy, estimator, []);
    }
    return false;
  }

  async #compactAndCommit(
    current: ThreadWindow,
    prospective: Window,
    addition: Addition,
  ): Promise<AppendedMessage | undefined> {
    const { policy, estimator } = this.#deps.settings;
    const goal = goalForAppend(policy, estimator);
    // Checked first, so that a hopeless message costs no compaction.
    checkReachable(prospective, goal, policy, estimator);
    const compacted = await this.#deps.compactor.compact({ window: prospective, policy, goal, appending: true });
    if (!isMet(goal, compacted.window)) throw unreachable(prospective, goal, policy, estimator, compacted.steps);
    const revision = this.#revisionOf(addition.draft, current, prospective, compacted);
    return this.#commit(current, compacted.window, revision, addition);
  }

  /**
   * The new message, which brought it about, follows the revision verbatim: the revision accounts for what came before.
   */
  #revisionOf(draft: MessageDraft, { thread }: ThreadWindow, before: Window, compacted: Compacted): Revision {
    const entries = compacted.window.entries.slice(0, -1);
    return compactionRevision(
      { thread, before, compacted, entries, by: null, at: draft.createdAt },
      this.#deps.settings.estimator,
    );
  }

  /**
   * Unlike a manual compaction this also requires the last seq unchanged, because the message's own seq depends on it.
   */
  async #commit(
    { thread, window }: ThreadWindow,
    after: Window,
    revision: Revision | null,
    { draft, pinned, reply, toStoredResponse }: Addition,
  ): Promise<AppendedMessage | undefined> {
    const { conversations, settings } = this.#deps;
    const committed = await conversations.commit({
      kind: 'append',
      threadId: thread.id,
      ifVersion: thread.version,
      ifLastSeq: thread.lastSeq,
      message: draft,
      estimator: settings.estimator.name,
      pinned,
      reply,
      title: titleOf(draft),
      revision,
      sizeDelta: after.size - window.size,
      entriesDelta: after.entries.length - window.entries.length,
      entries: after.entries,
      lastSeq: thread.lastSeq + 1,
      reshaped: reshapedMessages(window, after),
      toStoredResponse,
    });
    if (committed === undefined) return undefined;
    return {
      message: { ...draft, seq: committed.lastSeq, pinned },
      usage: threadUsage(committed, settings),
      compaction: revision?.event ?? null,
    };
  }
}
