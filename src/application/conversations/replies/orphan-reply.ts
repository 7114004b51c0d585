/** Stops what the language model answers in a thread that is gone. */
import type { EventBus } from '#application/shared/event-bus.ts';
import type { Leases } from '#application/shared/leases.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { ThreadEvent } from '../thread-events.ts';
import { replyHeldBy, replyLease } from './reply-lease.ts';

type Deps = Readonly<{ leases: Pick<Leases, 'findHolder'>; events: EventBus<ThreadEvent> }>;

/**
 * Tells the process that makes a reply in this thread, if any does. Never throws: a reply that is not stopped finds its
 * thread gone when it is appended.
 */
export async function orphanReply({ leases, events }: Deps, threadId: ThreadId): Promise<void> {
  const holder = await leases.findHolder(replyLease(threadId)).catch(() => undefined);
  if (holder === undefined) return;
  const { id: replyId } = replyHeldBy(holder);
  await events.publish(replyId, { kind: 'reply.orphaned', replyId });
}
