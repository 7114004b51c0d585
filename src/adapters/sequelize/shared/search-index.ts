/** An index of messages by their terms. It is derived: whatever is lost of it is made again from the transcripts. */
import type { SearchQuery } from '#domain/text/search-query.ts';
import type { MatchMode } from '#domain/text/search-ranking.ts';

/** A thread, and who may read it: the members of a game, or its owner. */
export type IndexedThread = Readonly<{ id: string; audience: string }>;

/** A message as it is indexed. */
export type IndexedMessage = Readonly<{ rowId: number; threadId: string; terms: readonly string[] }>;

/** Up to which message a thread is indexed. */
export type Progress = Readonly<{ thread: IndexedThread; uptoSeq: number }>;

/** What is looked up: in which threads, and of which age. */
export type Sought = Readonly<{
  threads: readonly IndexedThread[];
  query: SearchQuery;
  mode: MatchMode;
  /** The greatest `row_id`. */
  newest: number;
  limit: number;
}>;

export interface SearchIndex {
  /**
   * The `row_id` of messages that meet the query, in descending order: all that are in the threads, up to the limit.
   * There may be others among them, which are gone or were moved. Throws 503 `search_timeout` where it takes too long.
   */
  find(sought: Sought): Promise<readonly number[]>;
  /** Whether this process is the one that keeps the index: one at a time does. */
  isOurs(): Promise<boolean>;
  /** Adds messages, or replaces them, and says how far their threads are indexed with them. All or nothing. */
  add(messages: readonly IndexedMessage[], progress: readonly Progress[]): Promise<void>;
  /** Removes some of the messages of a thread, and its progress with the last of them; answers whether that is done. */
  removePage(threadId: string): Promise<boolean>;
}
