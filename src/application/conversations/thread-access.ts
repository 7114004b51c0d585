/** Finds a thread and checks the actor's access to it: the first step of every use case on a thread. */
import { dependsOnGame, isManager, requireManager, requireReader } from '#domain/conversations/policy.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { GameRole } from '#domain/games/game.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { MembershipReads } from '../games/ports.ts';
import type { ThreadReads } from './ports.ts';

/** What the access to a thread is looked up in. */
export type ThreadRepos = Readonly<{ threads: Pick<ThreadReads, 'find'>; memberships: MembershipReads }>;

/** A thread that the actor may read, and the actor's role in its game: looked up only where that decides. */
type SeenThread = Readonly<{ thread: Thread; role: GameRole | undefined }>;

/**
 * Returns the thread if the actor is its owner or currently a member of its game. Throws 403 without `chat.use`; 404
 * `thread_not_found` otherwise, whether or not the thread exists.
 */
export async function readableThread(repos: ThreadRepos, actor: UserActor, id: ThreadId): Promise<Thread> {
  return (await seenThread(repos, actor, id)).thread;
}

/**
 * Returns the thread if the actor is its owner or currently a GM of its game. Throws as `readableThread` does, and 403
 * `thread_not_yours` for other members.
 */
export async function managedThread(repos: ThreadRepos, actor: UserActor, id: ThreadId): Promise<Thread> {
  const { thread, role } = await seenThread(repos, actor, id);
  return requireManager(thread, actor, role);
}

/** The thread, and whether the actor manages it. Throws as `readableThread` does. */
export async function threadWithRights(
  repos: ThreadRepos,
  actor: UserActor,
  id: ThreadId,
): Promise<Readonly<{ thread: Thread; manages: boolean }>> {
  const { thread, role } = await seenThread(repos, actor, id);
  return { thread, manages: isManager(thread, actor, role) };
}

async function seenThread(repos: ThreadRepos, actor: UserActor, id: ThreadId): Promise<SeenThread> {
  requirePermission(actor, 'chat.use');
  const thread = await repos.threads.find(id);
  const role = thread !== undefined && dependsOnGame(thread, actor) ? await roleIn(repos, thread, actor) : undefined;
  return { thread: requireReader(thread, actor, role), role };
}

async function roleIn(
  { memberships }: ThreadRepos,
  { gameId }: Thread,
  actor: UserActor,
): Promise<GameRole | undefined> {
  return gameId === null ? undefined : memberships.findRole(gameId, actor.userId);
}
