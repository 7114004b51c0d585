/** The searches, and the upkeep of the index that one of them uses: what a worker is given of a database. */
import type { TranscriptSearch } from '#application/conversations/search/transcript-search.ts';
import type { PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import { IndexedPassageFinder } from '../library/passage-finder.ts';
import type { Queries } from '../shared/queries.ts';
import type { SearchIndex } from '../shared/search-index.ts';
import { IndexUpkeep } from './index-upkeep.ts';
import { IndexedTranscriptSearch } from './transcript-search.ts';

export type KeptSearch = Readonly<{
  search: TranscriptSearch;
  finder: PassageFinder;
  upkeep: IndexUpkeep;
  close(): Promise<void>;
}>;

/** `close` closes what the index and the queries use. */
export function keptSearch(
  deps: Readonly<{ queries: Queries; index: SearchIndex }>,
  close: () => Promise<void>,
): KeptSearch {
  return {
    search: new IndexedTranscriptSearch(deps),
    finder: new IndexedPassageFinder(deps),
    upkeep: new IndexUpkeep(deps),
    close,
  };
}
