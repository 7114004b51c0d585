/** Finds a thread for an actor who may read it: the first step of every use case on a thread. */
import { requireReader } from '#domain/conversations/policy.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { type Actor, requirePermission } from '#domain/shared/actor.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { ThreadReads } from './ports.ts';

type Deps = Readonly<{ threads: ThreadReads }>;

export class ThreadAccess {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `chat.use`; 404 `thread_not_found` for a thread that is missing or another's. */
  async readable(actor: Actor, id: ThreadId): Promise<Thread> {
    requirePermission(actor, 'chat.use');
    return requireReader(await this.#deps.threads.find(id), actor);
  }
}
