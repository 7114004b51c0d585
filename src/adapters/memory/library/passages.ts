/** Passages of documents in memory. */
import type { PassageCursor, Passages, PassagesOf } from '#application/library/documents/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { Document } from '#domain/library/document.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import type { Passage } from '#domain/library/passage.ts';
import type { Source } from '#domain/library/source.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { DocumentId, PassageId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';
import { isOfGeneration } from './passage-vectors.ts';
import { ReadableDocuments } from './readable-documents.ts';

/** Under which a passage is stored: a generation of a document has one in each place. */
function passageKey({ documentId, generation, ordinal }: Passage): string {
  return `${documentId} ${generation} ${ordinal}`;
}

/** What is for everyone comes before what is for GMs, and then the older one. */
function isEarlier(one: Document, other: Document): boolean {
  if (one.audience !== other.audience) return one.audience === 'everyone';
  const byTime = one.createdAt.getTime() - other.createdAt.getTime();
  return byTime < 0 || (byTime === 0 && one.id < other.id);
}

/** A passage as it is cited. */
export function foundPassage(passage: Passage, { id, title }: Source): FoundPassage {
  const { documentId, headingPath, page, pageLabel, timeCode, text } = passage;
  const label = pageLabel ?? (page === null ? null : String(page));
  return { id: passage.id, documentId, source: { id, title }, headingPath, pageLabel: label, timeCode, text };
}

export class MemoryPassages implements Passages {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;
  readonly #readable: ReadableDocuments;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
    this.#readable = new ReadableDocuments(deps);
  }

  async findReadable(id: PassageId, reader: LibraryReader): Promise<FoundPassage | undefined> {
    const { documents, sources, passages } = this.#tables;
    for (const passage of this.#changes.all(passages, (one) => one.id === id)) {
      const document = this.#changes.find(documents, passage.documentId);
      if (document?.generation !== passage.generation || !this.#readable.has(document, reader)) continue;
      return foundPassage(passage, this.#changes.find(sources, passage.sourceId) as Source);
    }
    return undefined;
  }

  async list(
    of: Readonly<{ documentId: DocumentId; generation: number }>,
    { limit, cursor = 0 }: PageRequest<PassageCursor>,
  ): Promise<Page<Passage, PassageCursor>> {
    const found = this.#of(of).filter(({ ordinal }) => ordinal > cursor);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last !== undefined ? last.ordinal : null };
  }

  async count(of: PassagesOf): Promise<number> {
    return this.#of(of).length;
  }

  async findEarlier(document: Document, sha256s: readonly string[]): Promise<ReadonlySet<string>> {
    const { documents, passages } = this.#tables;
    const earlier = [...this.#changes.all(documents, (one) => one.sourceId === document.sourceId)].filter((one) =>
      isEarlier(one, document),
    );
    const serving = new Set(earlier.map(({ id, generation }) => `${id} ${generation}`));
    const isWanted = ({ documentId, generation, sha256 }: Passage) =>
      serving.has(`${documentId} ${generation}`) && sha256s.includes(sha256);
    return new Set([...this.#changes.all(passages, isWanted)].map(({ sha256 }) => sha256));
  }

  async add(passages: readonly Passage[]): Promise<void> {
    for (const passage of passages) {
      const key = passageKey(passage);
      if (this.#changes.has(this.#tables.passages, key)) throw new Error('There is a passage in this place already.');
      this.#changes.set(this.#tables.passages, key, passage);
    }
  }

  async removePage(of: PassagesOf, limit: number): Promise<number> {
    const gone = this.#of(of).slice(0, limit);
    for (const passage of gone) this.#changes.remove(this.#tables.passages, passageKey(passage));
    for (const one of gone)
      if (this.#of(one).length === 0) this.#changes.removeWhere(this.#tables.passageVectors, isOfGeneration(one));
    return gone.length;
  }

  /** In the order of their generations, and then of reading. */
  #of({ documentId, generation }: PassagesOf): readonly Passage[] {
    const isWanted = (passage: Passage) =>
      passage.documentId === documentId && (generation === null || passage.generation === generation);
    const found = [...this.#changes.all(this.#tables.passages, isWanted)];
    return found.sort((a, b) => a.generation - b.generation || a.ordinal - b.ordinal);
  }
}
