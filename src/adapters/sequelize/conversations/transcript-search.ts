/** Searches by an index, and reads by itself what the index does not have yet. */
import type { TranscriptCursor } from '#application/conversations/ports.ts';
import { CANDIDATES_MAX, type Candidates, searchPage } from '#application/conversations/search/search-page.ts';
import type {
  SearchPage,
  SearchRequest,
  TranscriptSearch,
} from '#application/conversations/search/transcript-search.ts';
import { isInRanges } from '#domain/conversations/compose-window.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { MatchMode } from '#domain/text/search-ranking.ts';
import type { Queries } from '../shared/queries.ts';
import type { SearchIndex, Sought } from '../shared/search-index.ts';
import {
  MESSAGES_BY_ID,
  MESSAGES_IN_RANGES,
  READABLE_THREADS,
  ROW_ID,
  type SearchedMessage,
  type SearchedThread,
  SHOWN_MESSAGES,
  type ThreadRange,
} from './search-statements.ts';

/** Text that is read for one search: long messages are fewer candidates. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Messages that are searched without an index. While one is kept, fewer are behind. */
const UNINDEXED_MAX = 2_000;
const LIMIT = CANDIDATES_MAX + 1;
/** After every number that a store gives. */
const END = Number.MAX_SAFE_INTEGER;

type Deps = Readonly<{ queries: Queries; index: SearchIndex }>;

/** What one search goes through. */
type Field = Readonly<{
  request: SearchRequest;
  threads: ReadonlyMap<string, SearchedThread>;
  /** The newest that the index does not have. */
  unindexed: readonly SearchedMessage[];
}>;

export class IndexedTranscriptSearch implements TranscriptSearch {
  readonly #queries: Queries;
  readonly #index: SearchIndex;

  constructor({ queries, index }: Deps) {
    this.#queries = queries;
    this.#index = index;
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    const { userId: user, where } = request;
    const thread = 'threadId' in where ? where.threadId : null;
    const workspace = 'workspaceId' in where ? where.workspaceId : null;
    const threads = await this.#queries.all(READABLE_THREADS, { user, thread, workspace });
    const unindexed = await this.#unindexed(threads);
    const field = { request, threads: new Map(threads.map((thread) => [thread.id, thread])), unindexed };
    const page = await searchPage(request, {
      candidates: (mode, newest) => this.#candidates(field, mode, newest),
      windowsOf: (ids) => this.#windowsOf(field, ids),
    });
    const indexed = threads.reduce((sum, { last_seq, upto_seq }) => sum + Math.min(last_seq, upto_seq), 0);
    const messages = threads.reduce((sum, { last_seq }) => sum + last_seq, 0);
    return { ...page, messages, searched: indexed + unindexed.length };
  }

  async #unindexed(threads: readonly SearchedThread[]): Promise<readonly SearchedMessage[]> {
    const ranges = newestRanges(threads);
    if (ranges.length === 0) return [];
    const values = { ranges: JSON.stringify(ranges), bytes: MAX_BYTES };
    return (await this.#queries.all(MESSAGES_IN_RANGES, values)).toSorted((a, b) => b.rowId - a.rowId);
  }

  async #candidates(field: Field, mode: MatchMode, from: TranscriptCursor | null): Promise<Candidates> {
    const newest = from === null ? END : await this.#rowIdOf(field, from);
    if (newest === undefined) return { messages: [], older: null };
    const { indexed, older } = await this.#indexed(field, mode, newest);
    const fresh = field.unindexed.filter(({ rowId }) => rowId <= newest && rowId > (older?.rowId ?? 0));
    const messages = [...fresh, ...indexed].toSorted((a, b) => b.rowId - a.rowId);
    return { messages: messages.flatMap(withText), older: older && { threadId: older.threadId, seq: older.seq } };
  }

  /** One more is looked for than is read: the older ones begin with it, or with the first that there is no room for. */
  async #indexed({ request: { query }, threads }: Field, mode: MatchMode, newest: number) {
    const indexed = [...threads.values()].filter(({ upto_seq }) => upto_seq > 0);
    const ours: SearchedMessage[] = [];
    for (let from = newest; indexed.length > 0 && ours.length < LIMIT; ) {
      const ids = await this.#find({ threads: indexed, query, newest: from, limit: LIMIT, mode });
      const found = await this.#queries.all(MESSAGES_BY_ID, { ids: JSON.stringify(ids), bytes: MAX_BYTES });
      ours.push(...found.filter(({ threadId }) => threads.has(threadId)));
      if (ids.length < LIMIT || mode === 'any') break;
      from = (ids.at(-1) as number) - 1;
    }
    const end = ours.findIndex(({ text }, at) => text === null || at === CANDIDATES_MAX);
    if (end === -1) return { indexed: ours, older: null };
    return { indexed: ours.slice(0, end), older: mode === 'all' ? (ours[end] as SearchedMessage) : null };
  }

  /** A whole word that is common needs no longer ones beside it: there may be as many of them again. */
  async #find(sought: Sought): Promise<readonly number[]> {
    if (sought.query.every(({ prefix }) => !prefix)) return this.#index.find(sought);
    const whole = sought.query.map(({ terms }) => ({ terms, prefix: false }));
    const found = await this.#index.find({ ...sought, query: whole });
    const isEnough = sought.mode === 'all' ? found.length >= sought.limit : found.length > 0;
    return isEnough ? found : this.#index.find(sought);
  }

  /** Of a message in one of the threads alone: a cursor tells nothing of others. */
  async #rowIdOf({ threads }: Field, { threadId, seq }: TranscriptCursor): Promise<number | undefined> {
    return threads.has(threadId) ? this.#queries.one(ROW_ID, { thread: threadId, seq }) : undefined;
  }

  async #windowsOf({ threads }: Field, ids: readonly ThreadId[]): Promise<(message: TranscriptCursor) => boolean> {
    const shown = await this.#queries.all(SHOWN_MESSAGES, { threads: JSON.stringify(ids) });
    const byThread = new Map(shown.map((one) => [one.id, one]));
    return ({ threadId, seq }) => {
      const window = byThread.get(threadId);
      if (window === undefined || !threads.has(threadId)) return false;
      return seq > window.upto_seq || isInRanges(window.runs, seq);
    };
  }
}

/** What is not indexed, as far as it may be searched without: the newest of the latest threads. */
function newestRanges(threads: readonly SearchedThread[]): readonly ThreadRange[] {
  const ranges: ThreadRange[] = [];
  let left = UNINDEXED_MAX;
  for (const { id, last_seq: last, upto_seq: upto } of threads) {
    const count = Math.min(left, last - upto);
    if (count > 0) ranges.push([id, last - count + 1, last]);
    left -= Math.max(0, count);
  }
  return ranges;
}

function withText(message: SearchedMessage) {
  const { text } = message;
  return text === null ? [] : [{ ...message, text }];
}
