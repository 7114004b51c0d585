/** Bounds how many threads a user owns. */
import { conversationErrors } from '#domain/conversations/errors.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Threads } from '../ports.ts';

/** What the number of threads is looked up in. */
export type ThreadRoom = Readonly<{
  reads: Readonly<{ threads: Pick<Threads, 'countByOwner'> }>;
  /** The number of threads that a user can own; 0 where there is no limit. */
  threadsPerUser: number;
}>;

/**
 * Throws 409 `threads_full` where the user can own no more. Outside of units of work, where a count would make all who
 * start threads at once conflict: requests that are under way together may pass the limit together.
 */
export async function requireThreadRoom({ reads, threadsPerUser: max }: ThreadRoom, ownerId: UserId): Promise<void> {
  if (max > 0 && (await reads.threads.countByOwner(ownerId)) >= max) throw conversationErrors.threadsFull({ max });
}
