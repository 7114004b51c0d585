/** Undoes the latest compaction of a conversation's window: back to the window before it, with what was said since. */
import type { Clock } from '#application/shared/clock.ts';
import { checkFits } from '#domain/conversations/compaction/protection.ts';
import { promptSizeOf } from '#domain/conversations/compaction/window/guards.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { requireUnarchived } from '#domain/conversations/policy.ts';
import type { ContextEvent, Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { checkUndoable, restoredBy, undoableAmong, undoRevision } from '#domain/conversations/undo.ts';
import { sizeAtPct, type Usage } from '#domain/conversations/usage.ts';
import { type Window, windowOf } from '#domain/conversations/window.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import type { Conversations } from '../ports.ts';
import { managedThread, type ThreadRepos } from '../thread-access.ts';
import type { ThreadWindow, WindowReader } from './window-reader.ts';

/** How often the undo is tried again after a concurrent change of the window. */
const MAX_ATTEMPTS = 5;
const EVENTS_PER_PAGE = 200;

type Deps = ThreadRepos &
  Readonly<{
    conversations: Pick<Conversations, 'commit' | 'revision' | 'events'>;
    windows: WindowReader;
    clock: Clock;
    settings: ContextSettings;
  }>;

type Undone = Readonly<{ event: ContextEvent; usage: Usage }>;

export class UndoCompaction {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * `compaction` is the id of its event. Throws 403 without `chat.use`, or `thread_not_yours`; 404 `thread_not_found`,
   * `compaction_not_found`; 409 `archived`, `not_latest`, and `over_budget` where the window would take more than the
   * whole budget; 503 `append_contended`, `compaction_busy`.
   */
  async execute(actor: UserActor, id: ThreadId, compaction: number): Promise<Undone> {
    await managedThread(this.#deps, actor, id);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const current = await this.#deps.windows.read(id);
      requireUnarchived(current.thread);
      await this.#checkUndoable(current.thread, compaction);
      const undone = await this.#undo(current, actor.userId);
      if (undone !== undefined) return undone;
    }
    throw conversationErrors.appendContended();
  }

  /** Reads no more events than it takes to find the one that can be undone. */
  async #checkUndoable({ id, revision }: Thread, compaction: number): Promise<void> {
    if (compaction < 1 || compaction > revision) throw conversationErrors.compactionNotFound();
    const events: ContextEvent[] = [];
    let before = revision + 1;
    while (before > 1 && undoableAmong(events) === undefined) {
      events.push(...(await this.#deps.conversations.events(id, { limit: EVENTS_PER_PAGE, before })));
      before = events.at(-1)?.id ?? 1;
    }
    checkUndoable(compaction, events);
  }

  /** Undefined where the window changed meanwhile. */
  async #undo(current: ThreadWindow, by: UserId): Promise<Undone | undefined> {
    const { conversations, windows, clock, settings } = this.#deps;
    const { thread, window } = current;
    const [head, parent] = await this.#headAndParent(thread);
    if (head === undefined) return undefined;
    const entries = await windows.entriesAt(thread.id, head.parentId, thread.lastSeq);
    const after = windowOf(thread.systemPrompt, promptSizeOf(window), entries);
    checkFits(after, settings.policy, settings.estimator);
    const record = { thread, before: window, after, by, at: clock.now() };
    const revision = undoRevision(restoredBy(head, parent), record, settings.estimator);
    const committed = await conversations.commit(this.#change(current, after, revision));
    return committed && { event: revision.event, usage: threadUsage(committed, settings) };
  }

  /** The head is that of the compaction, or of its refinement; both lead back to the same revision. */
  async #headAndParent({ id, revision }: Thread): Promise<[Revision | undefined, Revision | null]> {
    const { conversations } = this.#deps;
    const head = await conversations.revision(id, revision);
    const parent = head && (await conversations.revision(id, head.parentId));
    return [head, parent ?? null];
  }

  #change({ thread, window }: ThreadWindow, { size, entries }: Window, revision: Revision) {
    const { policy, estimator } = this.#deps.settings;
    return {
      kind: 'revise',
      threadId: thread.id,
      ifVersion: thread.version,
      revision,
      sizeDelta: size - window.size,
      entriesDelta: entries.length - window.entries.length,
      sizeBelow: sizeAtPct(101, policy, estimator),
      entries,
      lastSeq: thread.lastSeq,
      estimator: estimator.name,
    } as const;
  }
}
