/** The append that is more than one statement: it compacts first, or pins the message that it appends. */

import type { ToStoredResponse } from '#application/shared/idempotency.ts';
import { KeyedMutex } from '#application/shared/keyed-mutex.ts';
import type { Compacted } from '#domain/conversations/compaction/chain.ts';
import { goalForAppend, isMet } from '#domain/conversations/compaction/compaction-plan.ts';
import { compactionRevision } from '#domain/conversations/compaction/compaction-revision.ts';
import { checkPins, checkReachable, unreachable } from '#domain/conversations/compaction/protection.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { Message, MessageDraft } from '#domain/conversations/message.ts';
import type { ContextEvent, Revision } from '#domain/conversations/revision.ts';
import { titleOf } from '#domain/conversations/thread.ts';
import { atTrigger, type Usage, usagePct } from '#domain/conversations/usage.ts';
import { verbatim, type Window, withEntry } from '#domain/conversations/window.ts';
import type { ThreadWindow, WindowReader } from '../context/window-reader.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import type { Compactor, Conversations, ThreadReads } from '../ports.ts';
import type { PlainAppend } from './plain-append.ts';

export type AppendedMessage = Readonly<{
  message: Message & Readonly<{ pinned: boolean }>;
  usage: Usage;
  /** The compaction that made room for the message. */
  compaction: ContextEvent | null;
}>;

/** What is appended, and what is stored with it. */
type Addition = Readonly<{
  draft: MessageDraft;
  pinned: boolean;
  toStoredResponse: ToStoredResponse<number> | undefined;
}>;

type Deps = Readonly<{
  threads: Pick<ThreadReads, 'find'>;
  conversations: Pick<Conversations, 'commit'>;
  plainAppend: PlainAppend;
  windows: WindowReader;
  compactor: Compactor;
  settings: ContextSettings;
}>;

export class CompactingAppend {
  readonly #deps: Deps;
  /** One of those who wait at the trigger makes room for all of them. */
  readonly #turns = new KeyedMutex();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Appends the message together with what it needs. Undefined, with nothing done, where the thread changed meanwhile
   * or a plain append will do. Throws 409 `archived`; 413 `context_budget_unreachable`, `pins_over_budget`.
   */
  attempt(
    draft: MessageDraft,
    pinned: boolean,
    toStoredResponse: ToStoredResponse<number> | undefined,
  ): Promise<AppendedMessage | undefined> {
    return this.#turns.run(draft.threadId, async () => {
      if (!pinned && (await this.#fitsByNow(draft))) return undefined;
      const read = await this.#deps.windows.read(draft.threadId);
      if (read.thread.archived) throw conversationErrors.archived();
      const prospective = withEntry(read.window, verbatim(draft, read.thread.lastSeq + 1, pinned));
      if (pinned) checkPins(prospective, this.#deps.settings.policy, this.#deps.settings.estimator);
      if (this.#mustCompact(prospective))
        return this.#compactAndCommit(read, prospective, { draft, pinned, toStoredResponse });
      return pinned ? this.#commit(read, prospective, null, { draft, pinned, toStoredResponse }) : undefined;
    });
  }

  /**
   * Whoever had the turn before may have made room: to look at the thread's row is cheap, to read its window is not.
   */
  async #fitsByNow(draft: MessageDraft): Promise<boolean> {
    const thread = await this.#deps.threads.find(draft.threadId);
    return thread !== undefined && this.#deps.plainAppend.fits(thread, draft);
  }

  /** Throws 413 where the message would go over the whole budget and nothing compacts by itself. */
  #mustCompact(prospective: Window): boolean {
    const { policy, estimator } = this.#deps.settings;
    if (policy.automatic) return atTrigger(prospective.size, prospective.entries.length, policy, estimator);
    if (usagePct(prospective.size, policy, estimator) > 100) {
      throw unreachable(prospective, goalForAppend(policy, estimator), policy, estimator, []);
    }
    return false;
  }

  async #compactAndCommit(
    read: ThreadWindow,
    prospective: Window,
    addition: Addition,
  ): Promise<AppendedMessage | undefined> {
    const { policy, estimator } = this.#deps.settings;
    const goal = goalForAppend(policy, estimator);
    checkReachable(prospective, goal, policy, estimator);
    const compacted = await this.#deps.compactor.compact({ window: prospective, policy, goal, appending: true });
    if (!isMet(goal, compacted.window)) throw unreachable(prospective, goal, policy, estimator, compacted.steps);
    const revision = this.#revisionOf(addition.draft, read, prospective, compacted);
    return this.#commit(read, compacted.window, revision, addition);
  }

  /**
   * The new message, which brought it about, follows the revision verbatim: the revision accounts for what came before.
   */
  #revisionOf(draft: MessageDraft, { thread }: ThreadWindow, before: Window, compacted: Compacted): Revision {
    const entries = compacted.window.entries.slice(0, -1);
    return compactionRevision(
      { thread, before, compacted, entries, trigger: 'auto', at: draft.createdAt },
      this.#deps.settings.estimator,
    );
  }

  async #commit(
    { thread, window }: ThreadWindow,
    after: Window,
    revision: Revision | null,
    { draft, pinned, toStoredResponse }: Addition,
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
      title: titleOf(draft),
      revision,
      sizeDelta: after.size - window.size,
      entriesDelta: after.entries.length - window.entries.length,
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
