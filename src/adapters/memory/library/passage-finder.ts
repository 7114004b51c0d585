/** Finds passages in memory, by an index of each reading that is made when it is first asked. */
import type { VectorSpace } from '#application/retrieval/embedding/ports.ts';
import { foundPassages, type Place } from '#application/retrieval/finding/found-passages.ts';
import type { FindRequest, Found, PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import type { Document } from '#domain/library/document.ts';
import type { Passage } from '#domain/library/passage.ts';
import { postingsOf } from '#domain/retrieval/finding/postings.ts';
import { indexedPassage } from '#domain/retrieval/finding/terms.ts';
import { Changes, type MemoryTables } from '../shared/tables.ts';
import { isOfGeneration, isOfSpace } from './passage-vectors.ts';
import { foundPassage } from './passages.ts';
import { ReadableDocuments } from './readable-documents.ts';

/** The index of a generation, which never changes once it serves. */
type Reading = Readonly<{
  key: number;
  document: Document;
  passages: ReadonlyMap<number, Passage>;
  terms: number;
  postings: ReadonlyMap<string, Uint8Array>;
}>;

export class MemoryPassageFinder implements PassageFinder {
  readonly #tables: MemoryTables;
  readonly #readable: ReadableDocuments;
  /** By document and generation: those that served when they were last looked for. */
  #readings = new Map<string, Reading>();
  #made = 0;

  constructor({ tables }: Readonly<{ tables: MemoryTables }>) {
    this.#tables = tables;
    this.#readable = new ReadableDocuments({ tables, changes: new Changes() });
  }

  async find(request: FindRequest): Promise<Found> {
    const { reader, sourceIds } = request;
    const all = this.#serving().filter(({ document }) => this.#readable.has(document, reader));
    const readings = all.filter(({ document }) => sourceIds?.includes(document.sourceId) ?? true);
    return foundPassages(request, {
      readable: async () => readings.map(({ key, passages, terms }) => ({ key, passages: passages.size, terms })),
      postings: async (_, terms) => readings.flatMap((reading) => termsIn(reading, terms)),
      vectors: async (_, { model, vector }) =>
        readings.flatMap((reading) => this.#vectorsOf(reading, { model, dimension: vector.length })),
      passages: async (places) => places.flatMap((place) => this.#passageAt(readings, place)),
    });
  }

  #serving(): readonly Reading[] {
    const documents = [...new Changes().all(this.#tables.documents, ({ generation }) => generation > 0)];
    const kept = documents.map((document) => {
      const name = `${document.id} ${document.generation}`;
      return [name, { ...(this.#readings.get(name) ?? this.#read(document)), document }] as const;
    });
    this.#readings = new Map(kept);
    return [...this.#readings.values()].sort((a, b) => a.key - b.key);
  }

  #read(document: Document): Reading {
    const isIn = ({ documentId, generation }: Passage) =>
      documentId === document.id && generation === document.generation;
    const found = [...new Changes().all(this.#tables.passages, isIn)].sort((a, b) => a.ordinal - b.ordinal);
    const indexed = new Map(found.map((passage) => [passage.ordinal, indexedPassage(passage)]));
    return {
      key: ++this.#made,
      document,
      passages: new Map(found.map((passage) => [passage.ordinal, passage])),
      terms: [...indexed.values()].reduce((sum, { length }) => sum + length, 0),
      postings: postingsOf(indexed),
    };
  }

  #vectorsOf({ key, document }: Reading, space: VectorSpace) {
    const isWanted = isOfGeneration({ documentId: document.id, generation: document.generation });
    const stored = [...new Changes().all(this.#tables.passageVectors, isWanted)].filter(isOfSpace(space));
    return stored.map(({ vectors }) => ({ key, vectors }));
  }

  #passageAt(readings: readonly Reading[], { key, ordinal }: Place) {
    const passage = readings.find((reading) => reading.key === key)?.passages.get(ordinal);
    const source = passage && new Changes().find(this.#tables.sources, passage.sourceId);
    return source === undefined ? [] : [{ key, ordinal, ...foundPassage(passage!, source) }];
  }
}

function termsIn({ key, postings }: Reading, terms: readonly string[]) {
  return terms.flatMap((term) => {
    const found = postings.get(term);
    return found === undefined ? [] : [{ key, term, postings: found }];
  });
}
