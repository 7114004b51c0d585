/** Finds passages by the index that is stored with them. */
import { foundPassages } from '#application/retrieval/finding/found-passages.ts';
import type { FindRequest, Found, PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import type { Queries } from '../shared/queries.ts';
import { PASSAGES_IN_PLACES, POSTINGS, READABLE_INDEXES } from './finding-statements.ts';
import { readerValues } from './readable-documents.ts';
import { VectorCache } from './vector-cache.ts';

export class IndexedPassageFinder implements PassageFinder {
  readonly #queries: Queries;
  readonly #vectors: VectorCache;

  constructor({ queries }: Readonly<{ queries: Queries }>) {
    this.#queries = queries;
    this.#vectors = new VectorCache({ queries });
  }

  find(request: FindRequest): Promise<Found> {
    const reader = readerValues(request.reader);
    const sources = request.sourceIds === null ? null : JSON.stringify(request.sourceIds);
    return foundPassages(request, {
      readable: () => this.#queries.all(READABLE_INDEXES, { ...reader, sources }),
      postings: async (keys, terms) => {
        const values = { indexes: JSON.stringify(keys), terms: JSON.stringify(terms) };
        return (await this.#queries.all(POSTINGS, values)).flat();
      },
      vectors: (keys, { model, vector }) => this.#vectors.blocks(keys, { model, dimension: vector.length }),
      passages: (places) => {
        const pairs = places.map(({ key, ordinal }) => [key, ordinal]);
        return this.#queries.all(PASSAGES_IN_PLACES, { ...reader, places: JSON.stringify(pairs) });
      },
    });
  }
}
