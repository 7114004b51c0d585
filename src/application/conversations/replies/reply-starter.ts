/** Begins replies: one at a time in a thread, whichever process makes it. */
import type { EventBus } from '#application/shared/event-bus.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { Lease, Leases } from '#application/shared/leases.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ReplyId, ThreadId } from '#domain/shared/ids.ts';
import type { LanguageModel } from '../language-model.ts';
import type { Conversations, Reply } from '../ports.ts';
import type { ThreadEvent } from '../thread-events.ts';
import type { AnswerThread, BegunReply, MadeReply, ReplyWishes } from './answer-thread.ts';
import { holderOf, REPLY_LEASE_MS, replyLease } from './reply-lease.ts';
import type { ReplyWork, RunningReplies } from './running-replies.ts';

type Deps = Readonly<{
  conversations: Pick<Conversations, 'beginReply' | 'endReply'>;
  leases: Leases;
  events: EventBus<ThreadEvent>;
  running: RunningReplies;
  answerThread: AnswerThread;
  ids: Ids;
}>;

export type ReplyPlan = Readonly<{
  actor: UserActor;
  model: LanguageModel;
  wishes: ReplyWishes;
  /** Says in which thread, once there is room for another reply. */
  thread(): Promise<ThreadId>;
  /** Done while the thread takes no other reply, and before the model is asked. Where it throws, there is no reply. */
  prepare?(threadId: ThreadId): Promise<void>;
  /** Aborted where nobody wants the reply any more. */
  unwanted?: AbortSignal;
}>;

export type StartedReply = Readonly<{
  threadId: ThreadId;
  replyId: ReplyId;
  /** Resolves when the reply has ended, in whichever way. */
  made: Promise<MadeReply>;
}>;

export class ReplyStarter {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Begins a reply, which goes on behind; what becomes of it is told on the event bus. Throws what the plan throws; 409
   * `archived`, `reply_in_progress`; 503 `replies_busy`, `store_unavailable`.
   */
  async start(plan: ReplyPlan): Promise<StartedReply> {
    const { running, ids } = this.#deps;
    const { actor, model, wishes } = plan;
    return running.start(actor.userId, async () => {
      const threadId = await plan.thread();
      const replyId = ids.next('reply');
      const lease = await this.#lease(threadId, { id: replyId, askedBy: actor.userId });
      const { promise: made, resolve } = Promise.withResolvers<MadeReply>();
      const work = await this.#begin({ actor, threadId, replyId, lease, model, wishes }, plan, resolve);
      return { begun: { threadId, replyId, made }, work };
    });
  }

  async #lease(threadId: ThreadId, reply: Reply): Promise<Lease> {
    const lease = await this.#deps.leases.hold(replyLease(threadId), holderOf(reply), REPLY_LEASE_MS);
    if (lease === undefined) throw conversationErrors.replyInProgress();
    return lease;
  }

  /** Where it cannot begin, the thread is free for another one at once. */
  async #begin(reply: BegunReply, plan: ReplyPlan, made: (reply: MadeReply) => void): Promise<ReplyWork> {
    const { events, answerThread } = this.#deps;
    const { threadId, replyId, lease } = reply;
    const cancelling = new AbortController();
    try {
      await this.#prepare(plan, threadId, replyId);
      const onEvent = ({ event }: Readonly<{ event: ThreadEvent }>) =>
        cancelling.abort(event.kind === 'reply.orphaned' ? conversationErrors.threadNotFound() : undefined);
      const cancels = await events.subscribe(replyId, { onEvent, onLost: () => {} });
      const cancelled = AbortSignal.any([cancelling.signal, ...(plan.unwanted === undefined ? [] : [plan.unwanted])]);
      return async (closing) => {
        made(await answerThread.execute(reply, { closing, cancelled }));
        await cancels.end();
      };
    } catch (error) {
      await lease.end();
      throw error;
    }
  }

  /** Both at once, so that they wait for the disk together. */
  async #prepare({ prepare }: ReplyPlan, threadId: ThreadId, replyId: ReplyId): Promise<void> {
    const { conversations } = this.#deps;
    const [begun, prepared] = await Promise.allSettled([
      conversations.beginReply(threadId, replyId),
      prepare?.(threadId),
    ]);
    if (prepared.status === 'rejected') {
      // Where this fails too, the next reply of the thread ends it.
      await conversations.endReply(threadId, replyId).catch(() => false);
      throw prepared.reason;
    }
    if (begun.status === 'rejected') throw begun.reason;
    if (!begun.value) throw conversationErrors.archived();
  }
}
