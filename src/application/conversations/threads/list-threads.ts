/** Lists the actor's conversations and those of their games. */
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { ThreadCursor, ThreadFilter, ThreadReads } from '../ports.ts';

type Deps = Readonly<{ threads: ThreadReads }>;

export class ListThreads {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page by last activity, newest first; empty for a game that the actor is not in. Throws 403 without
   * `chat.use`.
   */
  async execute(actor: UserActor, page: ThreadFilter & PageRequest<ThreadCursor>): Promise<Page<Thread, ThreadCursor>> {
    requirePermission(actor, 'chat.use');
    return this.#deps.threads.listByUser(actor.userId, page);
  }
}
