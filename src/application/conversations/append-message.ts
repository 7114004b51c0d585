/** Appends a message to a conversation; compacts first where the message would reach the trigger. */
import type { ContextPolicy } from '#domain/conversations/context-policy.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { MessageDraft, MessageRole, ToolCall } from '#domain/conversations/message.ts';
import { type Thread, titleOf } from '#domain/conversations/thread.ts';
import { type Estimator, sizeAtPct } from '#domain/conversations/usage.ts';
import { countedText } from '#domain/conversations/window.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { Clock } from '../shared/clock.ts';
import type { Once } from '../shared/idempotency.ts';
import type { Ids } from '../shared/ids.ts';
import type { AppendedMessage, CompactingAppend } from './compacting-append.ts';
import { type ContextSettings, threadUsage } from './context-settings.ts';
import type { AppendGuard, Conversations } from './ports.ts';
import type { ThreadAccess } from './thread-access.ts';

const ROUNDS = 5;

export type AppendMessageInput = Readonly<{
  threadId: ThreadId;
  role: MessageRole;
  name: string | null;
  content: string;
  toolCalls: readonly ToolCall[] | null;
  toolCallId: string | null;
  pinned: boolean;
  metadata: Readonly<Record<string, unknown>>;
}>;

type Deps = Readonly<{
  access: ThreadAccess;
  conversations: Pick<Conversations, 'append'>;
  compactingAppend: CompactingAppend;
  clock: Clock;
  ids: Ids;
  settings: ContextSettings;
}>;

export class AppendMessage {
  readonly #deps: Deps;
  /** The guard's limits never change, and finding them is a search. */
  readonly #limits: Pick<AppendGuard, 'sizeBelow' | 'maxEntries' | 'estimator'>;

  constructor(deps: Deps) {
    this.#deps = deps;
    this.#limits = plainAppendLimits(deps.settings.policy, deps.settings.estimator);
  }

  /**
   * Throws 403 without `chat.use`, and `thread_not_yours` where a game's player appends a system or a pinned message; 404 `thread_not_found`; 409 `archived`; 413 `context_budget_unreachable` or
   * `pins_over_budget`; 503 `append_contended` where others were faster five times. `once` is given the message's seq.
   */
  async execute(actor: Actor, input: AppendMessageInput, once?: Once<number>): Promise<AppendedMessage> {
    const draft = this.#draft(actor, input);
    for (let round = 0; round < ROUNDS; round += 1) {
      const thread = await this.#thread(actor, input);
      if (thread.archived) throw conversationErrors.archived();
      const appended = await this.#attempt(thread, draft, input.pinned, once);
      if (appended !== undefined) return appended;
    }
    throw conversationErrors.appendContended();
  }

  /** What steers a model is for those who manage the thread. */
  #thread(actor: Actor, { threadId, role, pinned }: AppendMessageInput): Promise<Thread> {
    const { access } = this.#deps;
    return role === 'system' || pinned ? access.manageable(actor, threadId) : access.readable(actor, threadId);
  }

  /** Undefined where something changed meanwhile, and the thread must be read again. */
  async #attempt(
    thread: Thread,
    draft: MessageDraft,
    pinned: boolean,
    once: Once<number> | undefined,
  ): Promise<AppendedMessage | undefined> {
    const { conversations, compactingAppend, settings } = this.#deps;
    if (pinned || !this.#fitsPlainly(thread, draft)) return compactingAppend.attempt(draft, pinned, once);
    const guard = { ...this.#limits, ifVersion: thread.version };
    const after = await conversations.append(draft, guard, titleOf(draft), once);
    if (after === undefined) return undefined;
    return { message: { ...draft, seq: after.lastSeq, pinned }, usage: threadUsage(after, settings), compaction: null };
  }

  #fitsPlainly(thread: Thread, draft: MessageDraft): boolean {
    const { sizeBelow, maxEntries, estimator } = this.#limits;
    return (
      thread.estimator === estimator &&
      thread.windowSize + draft.size < sizeBelow &&
      thread.windowEntries + 1 <= maxEntries
    );
  }

  #draft(actor: Actor, input: AppendMessageInput): MessageDraft {
    const { clock, ids, settings } = this.#deps;
    const { pinned: _, ...message } = input;
    return {
      ...message,
      id: ids.next('message'),
      authorId: actor.userId,
      createdAt: clock.now(),
      size: settings.estimator.size(countedText(input)),
    };
  }
}

/** Up to where a message may simply be appended: below the trigger or, where nothing compacts by itself, within the budget. */
function plainAppendLimits(policy: ContextPolicy, estimator: Estimator) {
  return {
    sizeBelow: sizeAtPct(policy.automatic ? policy.triggerPct : 101, policy, estimator),
    maxEntries: policy.automatic ? policy.maxEntries : Number.MAX_SAFE_INTEGER,
    estimator: estimator.name,
  };
}
