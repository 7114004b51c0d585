/** Cancels a reply of the language model, in whichever process it is made. */
import type { EventBus } from '#application/shared/event-bus.ts';
import type { Leases } from '#application/shared/leases.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ReplyId, ThreadId } from '#domain/shared/ids.ts';
import type { Conversations } from '../ports.ts';
import { managedThread, readableThread, type ThreadRepos } from '../thread-access.ts';
import type { ThreadEvent } from '../thread-events.ts';
import { replyHeldBy, replyLease } from './reply-lease.ts';

type Deps = ThreadRepos &
  Readonly<{
    conversations: Pick<Conversations, 'endReply'>;
    leases: Pick<Leases, 'findHolder' | 'end'>;
    events: EventBus<ThreadEvent>;
  }>;

export class CancelReply {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Nothing of the reply is appended from then on, and the thread is free for another one. Throws 403 without
   * `chat.use`; 403 `thread_not_yours` for whoever neither asked for it nor manages the thread; 404 `thread_not_found`,
   * `reply_not_found` where it is not under way, or has been appended meanwhile; 503 `store_unavailable`.
   */
  async execute(actor: UserActor, threadId: ThreadId, replyId: ReplyId): Promise<void> {
    const { conversations, leases, events } = this.#deps;
    await readableThread(this.#deps, actor, threadId);
    const holder = await leases.findHolder(replyLease(threadId));
    const reply = holder === undefined ? undefined : replyHeldBy(holder);
    if (holder === undefined || reply?.id !== replyId) throw conversationErrors.replyNotFound();
    if (reply.askedBy !== actor.userId) await managedThread(this.#deps, actor, threadId);
    if (!(await conversations.endReply(threadId, replyId))) throw conversationErrors.replyNotFound();
    await events.publish(replyId, { kind: 'reply.cancelled', replyId });
    // Whoever does not hear of it finds out when they renew the lease.
    await leases.end(replyLease(threadId), holder);
  }
}
