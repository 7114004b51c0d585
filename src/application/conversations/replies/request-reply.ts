/** Asks the language model for the next message of a thread. */
import type { EventBus } from '#application/shared/event-bus.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { Lease, Leases } from '#application/shared/leases.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ReplyId, ThreadId } from '#domain/shared/ids.ts';
import type { LanguageModel } from '../language-model.ts';
import type { Conversations, Reply } from '../ports.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';
import type { ThreadEvent } from '../thread-events.ts';
import type { AnswerThread, BegunReply } from './answer-thread.ts';
import { holderOf, REPLY_LEASE_MS, replyLease } from './reply-lease.ts';
import type { ReplyWork, RunningReplies } from './running-replies.ts';

type Deps = ThreadRepos &
  Readonly<{
    conversations: Pick<Conversations, 'beginReply'>;
    leases: Leases;
    events: EventBus<ThreadEvent>;
    running: RunningReplies;
    answerThread: AnswerThread;
    /** Null where none is configured. */
    model: LanguageModel | null;
    ids: Ids;
  }>;

export class RequestReply {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Begins a reply, which goes on behind the request; what becomes of it is told on the event bus. Throws 403 without
   * `chat.use`; 404 `thread_not_found`; 409 `archived`, `nothing_to_answer`, `reply_in_progress`; 503 `no_model`,
   * `replies_busy`, `store_unavailable`.
   */
  async execute(actor: UserActor, threadId: ThreadId): Promise<ReplyId> {
    const { running, model } = this.#deps;
    const thread = await readableThread(this.#deps, actor, threadId);
    if (model === null) throw conversationErrors.noModel();
    if (thread.archived) throw conversationErrors.archived();
    if (thread.lastSeq === 0) throw conversationErrors.nothingToAnswer();
    return running.start(actor.userId, async () => {
      const replyId = this.#deps.ids.next('reply');
      const lease = await this.#lease(threadId, { id: replyId, askedBy: actor.userId });
      return { begun: replyId, work: await this.#begin({ actor, threadId, replyId, lease, model }) };
    });
  }

  async #lease(threadId: ThreadId, reply: Reply): Promise<Lease> {
    const lease = await this.#deps.leases.hold(replyLease(threadId), holderOf(reply), REPLY_LEASE_MS);
    if (lease === undefined) throw conversationErrors.replyInProgress();
    return lease;
  }

  /** Where it cannot begin, the thread is free for another one at once. */
  async #begin(reply: BegunReply): Promise<ReplyWork> {
    const { conversations, events, answerThread } = this.#deps;
    const { threadId, replyId, lease } = reply;
    const cancelled = new AbortController();
    try {
      if (!(await conversations.beginReply(threadId, replyId))) throw conversationErrors.archived();
      const onEvent = () => cancelled.abort();
      const cancels = await events.subscribe(replyId, { onEvent, onLost: () => {} });
      return async (closing) => {
        await answerThread.execute(reply, { closing, cancelled: cancelled.signal });
        await cancels.end();
      };
    } catch (error) {
      await lease.end();
      throw error;
    }
  }
}
