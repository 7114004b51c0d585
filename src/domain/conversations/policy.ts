/** Who may do what with a thread. Nobody else can know that it exists, admins included. */
import type { Actor } from '#domain/shared/actor.ts';
import { conversationErrors } from './errors.ts';
import type { Thread } from './thread.ts';

/** The thread, if the actor may read it and append to it. Throws 404 `thread_not_found`, whether or not it exists. */
export function requireReader(thread: Thread | undefined, actor: Actor): Thread {
  if (thread === undefined || thread.ownerId !== actor.userId) throw conversationErrors.threadNotFound();
  return thread;
}
