/** A search, and the upkeep of the index that it uses: what a worker is given of a database. */
import type { TranscriptSearch } from '#application/conversations/search/transcript-search.ts';
import type { Queries } from '../shared/queries.ts';
import type { SearchIndex } from '../shared/search-index.ts';
import { IndexUpkeep } from './index-upkeep.ts';
import { IndexedTranscriptSearch } from './transcript-search.ts';

export type KeptSearch = Readonly<{ search: TranscriptSearch; upkeep: IndexUpkeep; close(): Promise<void> }>;

/** `close` closes what the index and the queries use. */
export function keptSearch(
  deps: Readonly<{ queries: Queries; index: SearchIndex }>,
  close: () => Promise<void>,
): KeptSearch {
  return { search: new IndexedTranscriptSearch(deps), upkeep: new IndexUpkeep(deps), close };
}
