/** Lists the actor's conversations and those of their games. */
import type { Page } from '#application/shared/page.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { ThreadCursor, ThreadReads } from '../ports.ts';

type Deps = Readonly<{ threads: ThreadReads }>;

export class ListThreads {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page by last activity, newest first. `query` is searched for in titles, ignoring case. Throws 403 without
   * `chat.use`.
   */
  async execute(
    actor: UserActor,
    page: Readonly<{ limit: number; cursor?: ThreadCursor; query?: string }>,
  ): Promise<Page<Thread, ThreadCursor>> {
    requirePermission(actor, 'chat.use');
    return this.#deps.threads.listByUser(actor.userId, page);
  }
}
