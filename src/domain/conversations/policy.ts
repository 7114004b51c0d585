/** Decides who may read and manage a thread. For everyone else, administrators included, the thread does not exist. */
import type { GameRole } from '#domain/games/game.ts';
import { isMemberOf, type UserActor } from '#domain/shared/actor.ts';
import { conversationErrors } from './errors.ts';
import type { Thread } from './thread.ts';

/** Whether the actor's rights depend on their role in the thread's game, so that it must be looked up. */
export function dependsOnGame(thread: Thread, actor: UserActor): boolean {
  return thread.gameId !== null && thread.ownerId !== actor.userId;
}

/**
 * Returns the thread if the actor may read it and append to it: as its owner or a member of its game, in both cases
 * only as a member of its workspace. `role` is the actor's role in that game. Otherwise throws 404 `thread_not_found`,
 * whether or not the thread exists.
 */
export function requireReader(thread: Thread | undefined, actor: UserActor, role: GameRole | undefined): Thread {
  if (thread === undefined || !isMemberOf(actor, thread.workspaceId)) throw conversationErrors.threadNotFound();
  if (thread.ownerId !== actor.userId && role === undefined) throw conversationErrors.threadNotFound();
  return thread;
}

/** Returns the thread. Throws 409 `archived`: what is in the archive is read, and nothing else. */
export function requireUnarchived(thread: Thread): Thread {
  if (thread.archived) throw conversationErrors.archived();
  return thread;
}

/** Whether the actor, who may read the thread, manages it: as its owner or a GM of its game. */
export function isManager(thread: Thread, actor: UserActor, role: GameRole | undefined): boolean {
  return thread.ownerId === actor.userId || role === 'gm';
}

/** Returns the thread. Throws 403 `thread_not_yours` for a reader who is neither its owner nor a GM of its game. */
export function requireManager(thread: Thread, actor: UserActor, role: GameRole | undefined): Thread {
  if (!isManager(thread, actor, role)) throw conversationErrors.threadNotYours();
  return thread;
}
