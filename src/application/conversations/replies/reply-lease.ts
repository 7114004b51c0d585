/** One reply at a time in a thread: the lease that its process holds, and what stands in it. */
import type { ReplyId, ThreadId, UserId } from '#domain/shared/ids.ts';
import type { Reply } from '../ports.ts';

/** How long a thread waits for a reply whose process has died. */
export const REPLY_LEASE_MS = 30_000;

export function replyLease(threadId: ThreadId): string {
  return `reply:${threadId}`;
}

/** The fencing token: which reply, and who asked for it. */
export function holderOf({ id, askedBy }: Reply): string {
  return `${id} ${askedBy}`;
}

export function replyHeldBy(holder: string): Reply {
  const [id, askedBy] = holder.split(' ');
  return { id: id as ReplyId, askedBy: askedBy as UserId };
}
