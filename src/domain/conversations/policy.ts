/** Who may do what with a thread. Nobody else can know that it exists, admins included. */
import type { GameRole } from '#domain/games/game.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import { conversationErrors } from './errors.ts';
import type { Thread } from './thread.ts';

/** Whether it takes a look at the thread's game to tell what the actor may do. */
export function dependsOnGame(thread: Thread, actor: UserActor): boolean {
  return thread.gameId !== null && thread.ownerId !== actor.userId;
}

/**
 * The thread, if the actor may read it and append to it: its owner, or a member of its game. `role` is what the actor
 * is in that game. Throws 404 `thread_not_found`, whether or not it exists.
 */
export function requireReader(thread: Thread | undefined, actor: UserActor, role: GameRole | undefined): Thread {
  if (thread === undefined || (thread.ownerId !== actor.userId && role === undefined))
    throw conversationErrors.threadNotFound();
  return thread;
}

/** Refuses with 403 `thread_not_yours` a reader who is neither the thread's owner nor a GM of its game. */
export function requireManager(thread: Thread, actor: UserActor, role: GameRole | undefined): Thread {
  if (thread.ownerId !== actor.userId && role !== 'gm') throw conversationErrors.threadNotYours();
  return thread;
}
