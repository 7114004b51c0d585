/** What the search over transcripts needs of the outside. */
import type { MessageRole } from '#domain/conversations/message.ts';
import type { ThreadId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { SearchQuery } from '#domain/text/search-query.ts';
import type { MatchMode } from '#domain/text/search-ranking.ts';
import type { Snippet } from '#domain/text/snippet.ts';
import type { Page, PageRequest } from '../../shared/page.ts';
import type { TranscriptCursor } from '../ports.ts';

/** `compacted`: what the window no longer shows word for word. */
export type SearchScope = 'all' | 'compacted';

/** Where a search goes on: so many hits after the beginning of those that are no newer than a message. */
export type SearchCursor = Readonly<{ mode: MatchMode; newest: TranscriptCursor; skip: number }>;

/** Who searches for what, and where. */
export type SearchRequest = PageRequest<SearchCursor> &
  Readonly<{
    userId: UserId;
    query: SearchQuery;
    /** One thread, or all of a workspace that the user may read. */
    where: Readonly<{ threadId: ThreadId }> | Readonly<{ workspaceId: WorkspaceId }>;
    scope: SearchScope;
  }>;

export type SearchHit = Readonly<{
  threadId: ThreadId;
  seq: number;
  role: MessageRole;
  snippet: Snippet;
  /** Whether the window shows the message word for word. */
  inWindow: boolean;
}>;

export type SearchPage = Page<SearchHit, SearchCursor> &
  Readonly<{
    /** `any` where no message has all clauses of the query, so that those with some of them are told. */
    mode: MatchMode;
    /** How many messages there are in what was searched, and how many of them could be found. */
    messages: number;
    searched: number;
  }>;

/** Finds messages by their words. */
export interface TranscriptSearch {
  /**
   * The messages that meet the query in the threads that the user owns, or whose game they are a member of, when it is
   * asked. Every message whose append was answered before is searched, but for those that an index which is being made
   * has not come to (`searched`). Best first, then newest; beyond 250 that meet it, these come before older
   * ones. Nothing about the messages of others can be told from what is found, or from its order.
   *
   * Throws 503 `search_busy` where too many wait, and 503 `search_timeout` where it takes too long.
   */
  search(request: SearchRequest): Promise<SearchPage>;
}
