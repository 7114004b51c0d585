/** Brings a transcript up to what a client that keeps a history of its own has said since. */
import type { Message, MessageRole, ToolCall } from '#domain/conversations/message.ts';
import { COMPARED_MESSAGES, isNextMessage, newMessages } from '#domain/conversations/replies/new-messages.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { AppendMessage } from '../messages/append-message.ts';
import type { Conversations } from '../ports.ts';
import { type ThreadRepos, threadWithRights } from '../thread-access.ts';
import type { ChangeThread } from '../threads/change-thread.ts';

export type ClientMessage = Readonly<{
  role: Exclude<MessageRole, 'system'>;
  name: string | null;
  content: string;
  toolCalls: readonly ToolCall[] | null;
  toolCallId: string | null;
}>;

export type ClientHistory = Readonly<{
  /** Null where the client has none. */
  systemPrompt: string | null;
  messages: readonly ClientMessage[];
}>;

/** No client can have sent more than that of what it has in common with a transcript. */
const MAX_BYTES = 1024 * 1024;

type Deps = ThreadRepos &
  Readonly<{
    conversations: Pick<Conversations, 'messages'>;
    appendMessage: AppendMessage;
    changeThread: ChangeThread;
  }>;

export class HistorySync {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Appends the messages that the transcript does not have, in their order, each for itself: where one is refused,
   * those before it stay, and are known the next time. The system prompt becomes the thread's where the actor manages
   * it, and else is left out. Throws what appends and changes of a thread throw.
   */
  async append(actor: UserActor, threadId: ThreadId, { systemPrompt, messages }: ClientHistory): Promise<void> {
    const { appendMessage, changeThread } = this.#deps;
    const { thread, manages } = await threadWithRights(this.#deps, actor, threadId);
    if (manages && systemPrompt !== null && systemPrompt !== thread.systemPrompt)
      await changeThread.execute(actor, threadId, { systemPrompt });
    for (const message of await this.#newMessages(threadId, messages))
      await appendMessage.execute(actor, { ...message, threadId, pinned: false, metadata: {} });
  }

  async #newMessages(threadId: ThreadId, sent: readonly ClientMessage[]): Promise<readonly ClientMessage[]> {
    const few = sent.length < COMPARED_MESSAGES && (await this.#tail(threadId, sent.length));
    if (few && isNextMessage(sent, few)) return sent.slice(-1);
    return newMessages(sent, await this.#tail(threadId, COMPARED_MESSAGES));
  }

  async #tail(threadId: ThreadId, limit: number): Promise<readonly Message[]> {
    const tail = await this.#deps.conversations.messages(threadId, { limit, maxBytes: MAX_BYTES });
    return tail.filter(({ role }) => role !== 'system');
  }
}
