/** Finds a thread for an actor who may read or manage it: the first step of every use case on a thread. */
import { dependsOnGame, requireManager, requireReader } from '#domain/conversations/policy.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { GameRole } from '#domain/games/game.ts';
import { type Actor, requirePermission } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { MembershipReads } from '../games/ports.ts';
import type { ThreadReads } from './ports.ts';

type Deps = Readonly<{ threads: ThreadReads; memberships: MembershipReads }>;

/** A thread that the actor may read, and the actor's role in its game: looked up only where that decides. */
type Seen = Readonly<{ thread: Thread; role: GameRole | undefined }>;

export class ThreadAccess {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * For its owner and the members of its game, as they are at this moment. Throws 403 without `chat.use`; 404
   * `thread_not_found` for a thread that is missing or others'.
   */
  async readable(actor: Actor, id: ThreadId): Promise<Thread> {
    return (await this.#seen(actor, id)).thread;
  }

  /** For its owner and the GMs of its game. Throws as `readable` does, and 403 `thread_not_yours` for other members. */
  async manageable(actor: Actor, id: ThreadId): Promise<Thread> {
    const { thread, role } = await this.#seen(actor, id);
    return requireManager(thread, actor, role);
  }

  async #seen(actor: Actor, id: ThreadId): Promise<Seen> {
    requirePermission(actor, 'chat.use');
    const found = await this.#deps.threads.find(id);
    const role = found !== undefined && dependsOnGame(found, actor) ? await this.#roleIn(found, actor) : undefined;
    return { thread: requireReader(found, actor, role), role };
  }

  async #roleIn({ gameId }: Thread, actor: Actor): Promise<GameRole | undefined> {
    return gameId === null ? undefined : this.#deps.memberships.roleIn(gameId, actor.userId);
  }
}
