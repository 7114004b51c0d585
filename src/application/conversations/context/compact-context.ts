/** Compacts a conversation manually, or previews what that would change. */
import type { Clock } from '#application/shared/clock.ts';
import type { Compacted } from '#domain/conversations/compaction/chain.ts';
import { goalForManual, isWorthKeeping } from '#domain/conversations/compaction/compaction-plan.ts';
import { type CompactionRecord, compactionEvent } from '#domain/conversations/compaction/compaction-revision.ts';
import type { StrategyName } from '#domain/conversations/context-policy.ts';
import { diffOf, type WindowDiff } from '#domain/conversations/diff.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { requireUnarchived } from '#domain/conversations/policy.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { Usage } from '#domain/conversations/usage.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import type { Compactor, Conversations } from '../ports.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';
import { commitCompaction } from './commit-compaction.ts';
import { ManualTurns } from './manual-turns.ts';
import type { ThreadWindow, WindowReader } from './window-reader.ts';

/** How often the compaction is tried again after a concurrent change of the window. */
const MAX_ATTEMPTS = 5;

type Deps = ThreadRepos &
  Readonly<{
    conversations: Pick<Conversations, 'commit'>;
    windows: WindowReader;
    compactor: Compactor;
    clock: Clock;
    settings: ContextSettings;
  }>;

export type CompactContextInput = Readonly<{
  threadId: ThreadId;
  /** Return what the compaction would do, and change nothing. */
  dryRun: boolean;
  /** The strategies to run; null for the configured chain. */
  strategies: readonly StrategyName[] | null;
}>;

export type ContextCompaction = Readonly<
  | { dryRun: false; event: ContextEvent; usage: Usage }
  | { dryRun: true; event: Omit<ContextEvent, 'id'>; usage: Usage; diff: WindowDiff }
>;

export class CompactContext {
  readonly #deps: Deps;
  readonly #turns = new ManualTurns();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Leads down to the target or to three quarters of the present usage, whichever is lower; what it frees is committed
   * even where that goal is not reached. Throws 403 without `chat.compact` or `chat.use`; 404 `thread_not_found`;
   * 409 `archived`, except for a dry run; `nothing_to_compact` where less than 2 % of the budget would be freed; 503
   * `append_contended`, `compaction_busy`.
   */
  async execute(actor: UserActor, input: CompactContextInput): Promise<ContextCompaction> {
    requirePermission(actor, 'chat.compact');
    await readableThread(this.#deps, actor, input.threadId);
    return this.#turns.run(actor.userId, () => this.#compaction(actor.userId, input));
  }

  async #compaction(by: UserId, input: CompactContextInput): Promise<ContextCompaction> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const current = await this.#deps.windows.read(input.threadId);
      if (!input.dryRun) requireUnarchived(current.thread);
      const record = this.#record(by, current, await this.#compact(current, input.strategies));
      if (input.dryRun) return this.#preview(current.thread, record);
      const compaction = await this.#commit(current, record);
      if (compaction !== undefined) return compaction;
    }
    throw conversationErrors.appendContended();
  }

  async #compact({ window }: ThreadWindow, strategies: readonly StrategyName[] | null): Promise<Compacted> {
    const { compactor, settings } = this.#deps;
    const { policy, estimator } = settings;
    const goal = goalForManual(window, policy, estimator);
    const chosen = strategies === null ? {} : { strategies };
    const compacted = await compactor.compact({ window, policy, goal, appending: false, ...chosen });
    if (!isWorthKeeping(window, compacted.window, policy, estimator)) throw conversationErrors.nothingToCompact();
    return compacted;
  }

  #record(by: UserId, { thread, window }: ThreadWindow, compacted: Compacted): CompactionRecord {
    const { entries } = compacted.window;
    return { thread, before: window, compacted, entries, by, at: this.#deps.clock.now() };
  }

  /** The event and usage as if the compaction had been committed, with the difference of the windows. */
  #preview(thread: Thread, record: CompactionRecord): ContextCompaction {
    const { settings } = this.#deps;
    const { window } = record.compacted;
    const after = {
      ...thread,
      windowSize: window.size,
      windowEntries: window.entries.length,
      revision: thread.revision + 1,
    };
    return {
      dryRun: true,
      event: compactionEvent(record, settings.estimator),
      usage: threadUsage(after, settings),
      diff: diffOf(record.before, window),
    };
  }

  async #commit({ thread }: ThreadWindow, record: CompactionRecord): Promise<ContextCompaction | undefined> {
    const committed = await commitCompaction(this.#deps, thread, record);
    return (
      committed && {
        dryRun: false,
        event: committed.event,
        usage: threadUsage(committed.thread, this.#deps.settings),
      }
    );
  }
}
