/** Searches what was said: in one thread, or in all that the actor may read. */
import type { PageRequest } from '#application/shared/page.ts';
import { requirePermission, type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { ThreadId, WorkspaceId } from '#domain/shared/ids.ts';
import { searchQuery } from '#domain/text/search-query.ts';
import { readableThread, type ThreadRepos } from '../thread-access.ts';
import type { SearchCursor, SearchPage, SearchScope, TranscriptSearch } from './transcript-search.ts';

type Deps = ThreadRepos & Readonly<{ search: TranscriptSearch }>;

type Input = PageRequest<SearchCursor> &
  Readonly<{
    /** As it was typed. */
    query: string;
    scope: SearchScope;
    threadId?: ThreadId;
    /** Without a thread: all that the actor may read in it, or in their first where none is named. */
    workspaceId?: WorkspaceId | undefined;
  }>;

export class SearchTranscripts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page of hits, the best first. Throws 403 without `chat.use`; 404 `thread_not_found` for a thread that the
   * actor may not read, `workspace_not_found`; 503 `search_busy` or `search_timeout`.
   */
  async execute(actor: UserActor, { query, threadId, workspaceId, ...input }: Input): Promise<SearchPage> {
    requirePermission(actor, 'chat.use');
    const where = threadId === undefined ? { workspaceId: workspaceFor(actor, workspaceId) } : { threadId };
    if (threadId !== undefined) await readableThread(this.#deps, actor, threadId);
    return this.#deps.search.search({ ...input, where, userId: actor.userId, query: searchQuery(query) });
  }
}
