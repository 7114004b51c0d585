/** Finds a thread and checks the actor's access to it: the first step of every use case on a thread. */
import { dependsOnGame, requireManager, requireReader } from '#domain/conversations/policy.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { GameRole } from '#domain/games/game.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { MembershipReads } from '../games/ports.ts';
import type { ThreadReads } from './ports.ts';

type Deps = Readonly<{ threads: ThreadReads; memberships: MembershipReads }>;

/** A thread that the actor may read, and the actor's role in its game: looked up only where that decides. */
type ReadableThread = Readonly<{ thread: Thread; role: GameRole | undefined }>;

export class ThreadAccess {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns the thread if the actor is its owner or currently a member of its game. Throws 403 without `chat.use`; 404
   * `thread_not_found` otherwise, whether or not the thread exists.
   */
  async readable(actor: UserActor, id: ThreadId): Promise<Thread> {
    return (await this.#find(actor, id)).thread;
  }

  /**
   * Returns the thread if the actor is its owner or currently a GM of its game. Throws as `readable` does, and 403
   * `thread_not_yours` for other members.
   */
  async manageable(actor: UserActor, id: ThreadId): Promise<Thread> {
    const { thread, role } = await this.#find(actor, id);
    return requireManager(thread, actor, role);
  }

  async #find(actor: UserActor, id: ThreadId): Promise<ReadableThread> {
    requirePermission(actor, 'chat.use');
    const thread = await this.#deps.threads.find(id);
    const role = thread !== undefined && dependsOnGame(thread, actor) ? await this.#findRole(thread, actor) : undefined;
    return { thread: requireReader(thread, actor, role), role };
  }

  async #findRole({ gameId }: Thread, actor: UserActor): Promise<GameRole | undefined> {
    return gameId === null ? undefined : this.#deps.memberships.findRole(gameId, actor.userId);
  }
}
