/** Lists the actor's conversations in a workspace, and those of their games there. */
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { requirePermission, type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { ThreadCursor, ThreadFilter, ThreadReads } from '../ports.ts';

type Deps = Readonly<{ threads: ThreadReads }>;

type ListedThreads = Omit<ThreadFilter, 'workspaceId'> &
  PageRequest<ThreadCursor> &
  Readonly<{ workspaceId?: WorkspaceId | undefined }>;

export class ListThreads {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page by last activity, newest first, of the actor's first workspace where none is named; empty for a game
   * that the actor is not in. Throws 403 without `chat.use`; 404 `workspace_not_found`.
   */
  async execute(actor: UserActor, page: ListedThreads): Promise<Page<Thread, ThreadCursor>> {
    requirePermission(actor, 'chat.use');
    const workspaceId = workspaceFor(actor, page.workspaceId);
    return this.#deps.threads.listByUser(actor.userId, { ...page, workspaceId });
  }
}
