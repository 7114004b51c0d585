/** Vectors of passages in memory. */
import type { DuePassages, PassageVectors, VectorSpace } from '#application/retrieval/embedding/ports.ts';
import type { Passage } from '#domain/library/passage.ts';
import { packedVectors, type Vector } from '#domain/retrieval/finding/vectors.ts';
import type { StoredVectors } from '../shared/stored-vectors.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

type Generation = Pick<DuePassages, 'documentId' | 'generation'>;

function vectorsKey({ documentId, generation, lastOrdinal }: Generation & Pick<StoredVectors, 'lastOrdinal'>): string {
  return `${documentId} ${generation} ${lastOrdinal}`;
}

export function isOfGeneration(of: Generation): (one: Generation) => boolean {
  return ({ documentId, generation }) => documentId === of.documentId && generation === of.generation;
}

export function isOfSpace({ model, dimension }: VectorSpace): (one: VectorSpace) => boolean {
  return (one) => one.model === model && one.dimension === dimension;
}

export class MemoryPassageVectors implements PassageVectors {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async findDue(space: VectorSpace, limit: number): Promise<DuePassages | undefined> {
    for (const due of this.#due(space)) return { ...due, passages: due.passages.slice(0, limit) };
    return undefined;
  }

  async countDue(space: VectorSpace): Promise<number> {
    return [...this.#due(space)].reduce((sum, { passages }) => sum + passages.length, 0);
  }

  async add(space: VectorSpace, due: DuePassages, vectors: ReadonlyMap<number, Vector>): Promise<void> {
    const isOfDue = isOfGeneration(due);
    if ([...this.#changes.all(this.#tables.passages, isOfDue)].length === 0) return;
    const isOther = (one: StoredVectors) => isOfDue(one) && !isOfSpace(space)(one);
    this.#changes.removeWhere(this.#tables.passageVectors, isOther);
    const { documentId, generation, passages } = due;
    const lastOrdinal = passages.at(-1)!.ordinal;
    const stored = { ...space, documentId, generation, lastOrdinal, vectors: packedVectors(vectors) };
    this.#changes.set(this.#tables.passageVectors, vectorsKey(stored), stored);
  }

  *#due(space: VectorSpace): Iterable<DuePassages> {
    for (const { id: documentId, generation } of this.#changes.all(this.#tables.documents)) {
      const of = { documentId, generation };
      const stored = [...this.#changes.all(this.#tables.passageVectors, isOfGeneration(of))].filter(isOfSpace(space));
      const after = Math.max(0, ...stored.map(({ lastOrdinal }) => lastOrdinal));
      const isDue = (passage: Passage) => isOfGeneration(of)(passage) && passage.ordinal > after;
      const passages = [...this.#changes.all(this.#tables.passages, isDue)].sort((a, b) => a.ordinal - b.ordinal);
      if (passages.length > 0) yield { ...of, passages: passages.map(duePassage) };
    }
  }
}

function duePassage({ ordinal, headingPath, text }: Passage): DuePassages['passages'][number] {
  return { ordinal, headingPath, text };
}
