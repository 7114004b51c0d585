/** Brings an index up to the transcripts, a page at a time: an append waits for none of it. */
import { termsOf } from '#domain/text/search-terms.ts';
import type { Queries } from '../shared/queries.ts';
import type { IndexedMessage, Progress, SearchIndex } from '../shared/search-index.ts';
import {
  MESSAGES_IN_RANGES,
  type SearchedMessage,
  type SearchedThread,
  STALE_THREAD,
  type ThreadRange,
  UNINDEXED_COUNT,
  UNINDEXED_THREADS,
} from './search-statements.ts';

/** A page keeps its thread for some 20 ms, within which no search is answered on SQLite. */
const MESSAGES_PER_PAGE = 250;
const BYTES_PER_PAGE = 256 * 1024;

type Deps = Readonly<{ queries: Queries; index: SearchIndex }>;

export class IndexUpkeep {
  readonly #queries: Queries;
  readonly #index: SearchIndex;

  constructor({ queries, index }: Deps) {
    this.#queries = queries;
    this.#index = index;
  }

  /**
   * Removes a page of what is gone, or else adds one of what is missing. Answers whether there may be more to do. Where
   * another process does it there is nothing.
   */
  async step(): Promise<boolean> {
    if (!(await this.#index.isOurs())) return false;
    const stale = await this.#queries.one(STALE_THREAD, {});
    if (stale !== undefined) {
      await this.#index.removePage(stale);
      return true;
    }
    const threads = await this.#queries.all(UNINDEXED_THREADS, { limit: MESSAGES_PER_PAGE });
    if (threads.length === 0) return false;
    await this.#add(threads);
    return true;
  }

  /** How many messages are not indexed. */
  async behind(): Promise<number> {
    return (await this.#queries.one(UNINDEXED_COUNT, {})) ?? 0;
  }

  async #add(threads: readonly SearchedThread[]): Promise<void> {
    const ranges = oldestRanges(threads);
    const values = { ranges: JSON.stringify(ranges), bytes: BYTES_PER_PAGE };
    const messages = await this.#queries.all(MESSAGES_IN_RANGES, values);
    await this.#index.add(messages.map(toIndexed), progressOf(threads, ranges, messages));
  }
}

function oldestRanges(threads: readonly SearchedThread[]): readonly ThreadRange[] {
  const ranges: ThreadRange[] = [];
  let left = MESSAGES_PER_PAGE;
  for (const { id, last_seq: last, upto_seq: upto } of threads) {
    if (left === 0) break;
    const count = Math.min(left, last - upto);
    ranges.push([id, upto + 1, upto + count]);
    left -= count;
  }
  return ranges;
}

function toIndexed({ rowId, threadId, text }: SearchedMessage): IndexedMessage {
  return { rowId, threadId, terms: termsOf(text ?? '').map(({ term }) => term) };
}

/**
 * Ranges are read in order, and the last one perhaps in part. Those before it count as read, whatever was in them:
 * messages that are being purged do not come again. So do all where nothing was read.
 */
function progressOf(
  threads: readonly SearchedThread[],
  ranges: readonly ThreadRange[],
  read: readonly SearchedMessage[],
): readonly Progress[] {
  const last = read.at(-1);
  const end = last === undefined ? ranges.length - 1 : ranges.findIndex(([id]) => id === last.threadId);
  return ranges.slice(0, end + 1).map(([, , to], place) => ({
    thread: threads[place] as SearchedThread,
    uptoSeq: last !== undefined && place === end ? last.seq : to,
  }));
}
