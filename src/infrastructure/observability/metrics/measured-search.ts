/** A search that tells how it ends and how long it takes, and how far its index is. */
import type * as prom from 'prom-client';
import type {
  SearchPage,
  SearchRequest,
  TranscriptSearch,
} from '#application/conversations/search/transcript-search.ts';
import type { Durations } from './histogram.ts';
import type { Instruments } from './instruments.ts';
import { outcomeOf } from './outcome.ts';

/** `relaxed`: no message had all words, and those with some were told. */
const OUTCOMES = ['found', 'relaxed', 'nothing', 'refused', 'failed'] as const;
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export class SearchMetrics {
  readonly searches: prom.Counter<'outcome'>;
  readonly durations: Durations;

  constructor(instruments: Instruments) {
    this.searches = instruments.counter({
      name: 'tavernkeep_searches_total',
      help: 'Searches: relaxed ones told messages that have some of the words, because none has all.',
      labels: ['outcome'],
      known: OUTCOMES.map((outcome) => ({ outcome })),
    });
    const histogram = instruments.histogram({
      name: 'tavernkeep_search_duration_seconds',
      help: 'How long a search took, its wait for others included.',
      labels: [],
      buckets: BUCKETS,
    });
    this.durations = histogram.of({});
  }
}

export class MeasuredSearch implements TranscriptSearch {
  readonly #search: TranscriptSearch;
  readonly #metrics: SearchMetrics;

  constructor(search: TranscriptSearch, metrics: SearchMetrics) {
    this.#search = search;
    this.#metrics = metrics;
  }

  async search(request: SearchRequest): Promise<SearchPage> {
    const startedMs = performance.now();
    try {
      const page = await this.#search.search(request);
      this.#metrics.searches.inc({ outcome: outcomeOfPage(page) });
      this.#metrics.durations.observe((performance.now() - startedMs) / 1_000);
      return page;
    } catch (error) {
      this.#metrics.searches.inc({ outcome: outcomeOf(error) });
      throw error;
    }
  }
}

function outcomeOfPage({ items, mode }: SearchPage): (typeof OUTCOMES)[number] {
  if (items.length === 0) return 'nothing';
  return mode === 'all' ? 'found' : 'relaxed';
}

/** What a scrape reads of an index. */
type IndexState = Readonly<{ behind: number | null; searching: number }>;

export function observeSearch(instruments: Instruments, index: IndexState): void {
  instruments.readGauge(
    {
      name: 'tavernkeep_search_unindexed_messages',
      help: 'Messages that the search index does not have yet; many while it is being made, then next to none.',
    },
    () => (index.behind === null ? [] : [[{}, index.behind]]),
  );
  instruments.readGauge(
    { name: 'tavernkeep_searches_under_way', help: 'Searches that are being made or wait; beyond twenty are refused.' },
    () => [[{}, index.searching]],
  );
}
