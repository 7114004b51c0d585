/** Appends a message to a conversation, and compacts its window first if there is no room for the message. */
import type { Clock } from '#application/shared/clock.ts';
import type { ToStoredResponse } from '#application/shared/idempotency.ts';
import type { Ids } from '#application/shared/ids.ts';
import { type Place, SharedTurns } from '#application/shared/turns/shared-turns.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { MessageDraft, MessageRole, ToolCall } from '#domain/conversations/message.ts';
import { requireUnarchived } from '#domain/conversations/policy.ts';
import { type Thread, titleOf } from '#domain/conversations/thread.ts';
import { countedText } from '#domain/conversations/window.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ReplyId, ThreadId } from '#domain/shared/ids.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import type { Conversations, TextCounter } from '../ports.ts';
import { managedThread, readableThread, type ThreadRepos } from '../thread-access.ts';
import type { AppendedMessage, CompactingAppend } from './compacting-append.ts';
import type { PlainAppend } from './plain-append.ts';

/** How often an append is tried while other processes change the thread: once beside others, then alone. */
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
  /** The reply of the language model that the message is: for the actor, who asked for it, but not by them. */
  replyId?: ReplyId;
}>;

type Deps = ThreadRepos &
  Readonly<{
    conversations: Pick<Conversations, 'append'>;
    plainAppend: PlainAppend;
    compactingAppend: CompactingAppend;
    counter: TextCounter;
    clock: Clock;
    ids: Ids;
    settings: ContextSettings;
  }>;

/** What is appended, by whom, and what is stored with it. */
type Append = Readonly<{
  actor: UserActor;
  input: AppendMessageInput;
  draft: MessageDraft;
  toStoredResponse: ToStoredResponse<number> | undefined;
  /** Kept by an append that is tried again: there is room for few after each compaction. */
  place: Place;
}>;

export class AppendMessage {
  readonly #deps: Deps;
  /**
   * Appends that fit run together; one that needs a compaction, or that another overtook, runs alone: within this
   * process nothing can come between it and its thread.
   */
  readonly #turns = new SharedTurns();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Appends a message, compacting the window first if it would reach the trigger. Message, compaction and stored
   * response are committed together. `toStoredResponse` receives the message's seq. A reply that is not under way any
   * more is never appended, and counts as contended.
   *
   * Throws 403 without `chat.use`; 403 `thread_not_yours` if a player of the thread's game appends a system or a pinned
   * message; 404 `thread_not_found`; 409 `archived`; 413 `context_budget_unreachable`, `pins_over_budget`; 503
   * `append_contended` after five concurrent changes by other processes, `compaction_busy`.
   */
  async execute(
    actor: UserActor,
    input: AppendMessageInput,
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<AppendedMessage> {
    const read = await this.#thread(actor, input);
    // Counted only for a thread that the actor may append to.
    const draft = await this.#draft(actor, input);
    const append = { actor, input, draft, toStoredResponse, place: this.#turns.arrive() };
    if (!isPlain(input)) return this.#alone(append);
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
      const appended = await this.#together(attempt === 1 ? read : undefined, append);
      if (appended !== undefined) return appended;
      // Whoever has the next turn alone makes room for this message too.
      if (this.#turns.isFree(input.threadId)) break;
    }
    return this.#alone(append);
  }

  /** Returns undefined, with nothing changed, if the message needs a compaction or the thread changed meanwhile. */
  async #together(read: Thread | undefined, append: Append): Promise<AppendedMessage | undefined> {
    const { actor, input, draft, place } = append;
    const known = this.#turns.isFree(input.threadId) ? read : undefined;
    const work = async () => {
      const thread = known ?? (await this.#thread(actor, input));
      return this.#deps.plainAppend.fits(thread, draft) ? this.#plain(thread, append) : undefined;
    };
    return this.#turns.together(input.threadId, work, place);
  }

  #alone(append: Append): Promise<AppendedMessage> {
    const { actor, input, draft, toStoredResponse, place } = append;
    const { plainAppend, compactingAppend } = this.#deps;
    const reply = input.replyId && { id: input.replyId, askedBy: actor.userId };
    const work = async () => {
      for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
        const thread = await this.#thread(actor, input);
        const appended =
          isPlain(input) && plainAppend.fits(thread, draft)
            ? await this.#plain(thread, append)
            : await compactingAppend.attempt({ draft, pinned: input.pinned, reply, toStoredResponse });
        if (appended !== undefined) return appended;
      }
      throw conversationErrors.appendContended();
    };
    return this.#turns.alone(input.threadId, work, place);
  }

  async #plain(thread: Thread, { draft, toStoredResponse }: Append): Promise<AppendedMessage | undefined> {
    const { conversations, plainAppend, settings } = this.#deps;
    const title = thread.title === null ? titleOf(draft) : null;
    const after = await conversations.append(draft, plainAppend.guard(thread), title, toStoredResponse);
    if (after === undefined) return undefined;
    return {
      message: { ...draft, seq: after.lastSeq, pinned: false },
      usage: threadUsage(after, settings),
      compaction: null,
    };
  }

  /** System and pinned messages steer the model, so only those who manage the thread may append them. */
  async #thread(actor: UserActor, { threadId, role, pinned }: AppendMessageInput): Promise<Thread> {
    const access = role === 'system' || pinned ? managedThread : readableThread;
    return requireUnarchived(await access(this.#deps, actor, threadId));
  }

  async #draft(actor: UserActor, input: AppendMessageInput): Promise<MessageDraft> {
    const { clock, ids, counter } = this.#deps;
    const { pinned: _, replyId, ...message } = input;
    const [size] = await counter.sizesOf([countedText(input)]);
    const authorId = replyId === undefined ? actor.userId : null;
    return { ...message, id: ids.next('message'), authorId, createdAt: clock.now(), size: size! };
  }
}

/** Whether nothing has to be committed together with the message. */
function isPlain({ pinned, replyId }: AppendMessageInput): boolean {
  return !pinned && replyId === undefined;
}
