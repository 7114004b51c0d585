/** Answers a client that keeps a history of its own: what is new in it is appended, and the window is answered. */
import { conversationErrors } from '#domain/conversations/errors.ts';
import { requireUnarchived } from '#domain/conversations/policy.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { LanguageModel, ModelParameters } from '../language-model.ts';
import type { MadeReply } from '../replies/answer-thread.ts';
import type { ReplyStarter, StartedReply } from '../replies/reply-starter.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';
import type { DeleteThread } from '../threads/delete-thread.ts';
import type { StartThread } from '../threads/start-thread.ts';
import type { ClientHistory, HistorySync } from './history-sync.ts';

type Deps = ThreadRepos &
  Readonly<{
    starter: ReplyStarter;
    historySync: HistorySync;
    startThread: StartThread;
    deleteThread: DeleteThread;
    /** Null where none is configured. */
    model: LanguageModel | null;
  }>;

export type ChatToComplete = Readonly<{
  /** Null for a new one. */
  threadId: ThreadId | null;
  history: ClientHistory;
  parameters: ModelParameters;
}>;

/** The client that waits. */
export type WaitingClient = Readonly<{
  /** Aborted when it has left: nobody wants the answer then. */
  gone: AbortSignal;
  /** Called with the pieces of the answer, in order, for who wants them as they come. */
  onText?: (piece: string) => void;
}>;

/** A new thread, as long as its client does not know of it. */
type Unknown = { threadId: ThreadId | null };

export class CompleteChat {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Begins the answer once what the client has said is appended; it is appended when it is whole, and so is one that
   * the model's limit cut off. Of a client that leaves, what it said stays, and nothing of the answer. A new thread
   * that failed before its client had heard a word of it is deleted again.
   *
   * Throws what an append throws; 403 without `chat.use`; 404 `thread_not_found`; 409 `archived`, `nothing_to_answer`,
   * `reply_in_progress`, `threads_full`, `over_budget`; 413 `pins_over_budget`; 503 `no_model`, `replies_busy`.
   */
  async execute(actor: UserActor, chat: ChatToComplete, client: WaitingClient): Promise<StartedReply> {
    requirePermission(actor, 'chat.use');
    if (chat.threadId !== null) requireUnarchived(await readableThread(this.#deps, actor, chat.threadId));
    const { model, starter, historySync } = this.#deps;
    if (chat.history.messages.length === 0) throw conversationErrors.nothingToAnswer();
    if (model === null) throw conversationErrors.noModel();
    const unknown: Unknown = { threadId: null };
    const onText = (piece: string) => {
      unknown.threadId = null;
      client.onText?.(piece);
    };
    const heard = client.onText === undefined ? {} : { onText };
    try {
      const reply = await starter.start({
        actor,
        model,
        wishes: { parameters: chat.parameters, takesCutOff: true, fromSources: false, ...heard },
        thread: async () => chat.threadId ?? (await this.#start(actor, chat, unknown)),
        prepare: (threadId) => historySync.append(actor, threadId, chat.history),
        unwanted: client.gone,
      });
      return { ...reply, made: this.#kept(actor, reply.made, unknown) };
    } catch (error) {
      await this.#delete(actor, unknown);
      throw error;
    }
  }

  async #start(actor: UserActor, { history }: ChatToComplete, unknown: Unknown): Promise<ThreadId> {
    const { systemPrompt } = history;
    const { id } = await this.#deps.startThread.execute(actor, { title: null, gameId: null, systemPrompt });
    unknown.threadId = id;
    return id;
  }

  async #kept(actor: UserActor, made: Promise<MadeReply>, unknown: Unknown): Promise<MadeReply> {
    const reply = await made;
    if (reply.kind === 'failed') await this.#delete(actor, unknown);
    return reply;
  }

  /** Where that fails, the client is still told what has failed first. */
  async #delete(actor: UserActor, { threadId }: Unknown): Promise<void> {
    if (threadId !== null) await this.#deps.deleteThread.execute(actor, threadId).catch(() => {});
  }
}
