/** Appends a message to a conversation, and compacts its window first if there is no room for the message. */
import type { Clock } from '#application/shared/clock.ts';
import type { ToStoredResponse } from '#application/shared/idempotency.ts';
import type { Ids } from '#application/shared/ids.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { MessageDraft, MessageRole, ToolCall } from '#domain/conversations/message.ts';
import { type Thread, titleOf } from '#domain/conversations/thread.ts';
import { countedText } from '#domain/conversations/window.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import type { Conversations } from '../ports.ts';
import { managedThread, readableThread, type ThreadRepos } from '../thread-access.ts';
import type { AppendedMessage, CompactingAppend } from './compacting-append.ts';
import type { PlainAppend } from './plain-append.ts';

/** How often an append is tried again after a concurrent change of the thread. */
const MAX_ATTEMPTS = 5;

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

type Deps = ThreadRepos &
  Readonly<{
    conversations: Pick<Conversations, 'append'>;
    plainAppend: PlainAppend;
    compactingAppend: CompactingAppend;
    clock: Clock;
    ids: Ids;
    settings: ContextSettings;
  }>;

export class AppendMessage {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Appends a message, compacting the window first if it would reach the trigger. Message, compaction and stored
   * response are committed together. `toStoredResponse` receives the message's seq.
   *
   * Throws 403 without `chat.use`; 403 `thread_not_yours` if a player of the thread's game appends a system or a pinned
   * message; 404 `thread_not_found`; 409 `archived`; 413 `context_budget_unreachable`, `pins_over_budget`; 503
   * `append_contended` after five concurrent changes.
   */
  async execute(
    actor: UserActor,
    input: AppendMessageInput,
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<AppendedMessage> {
    const draft = this.#draft(actor, input);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const thread = await this.#thread(actor, input);
      if (thread.archived) throw conversationErrors.archived();
      const appended = await this.#attempt(thread, draft, input.pinned, toStoredResponse);
      if (appended !== undefined) return appended;
    }
    throw conversationErrors.appendContended();
  }

  /** System and pinned messages steer the model, so only those who manage the thread may append them. */
  #thread(actor: UserActor, { threadId, role, pinned }: AppendMessageInput): Promise<Thread> {
    const access = role === 'system' || pinned ? managedThread : readableThread;
    return access(this.#deps, actor, threadId);
  }

  /** Returns undefined if the thread changed concurrently and must be read again. */
  async #attempt(
    thread: Thread,
    draft: MessageDraft,
    pinned: boolean,
    toStoredResponse: ToStoredResponse<number> | undefined,
  ): Promise<AppendedMessage | undefined> {
    const { conversations, plainAppend, compactingAppend, settings } = this.#deps;
    if (pinned || !plainAppend.fits(thread, draft)) return compactingAppend.attempt(draft, pinned, toStoredResponse);
    const title = thread.title === null ? titleOf(draft) : null;
    const after = await conversations.append(draft, plainAppend.guard(thread), title, toStoredResponse);
    if (after === undefined) return undefined;
    return { message: { ...draft, seq: after.lastSeq, pinned }, usage: threadUsage(after, settings), compaction: null };
  }

  #draft(actor: UserActor, input: AppendMessageInput): MessageDraft {
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
