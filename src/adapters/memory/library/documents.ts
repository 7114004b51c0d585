/** Documents in memory. */
import type { DocumentCount, DocumentCursor, Documents } from '#application/library/documents/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { AUDIENCES, DOCUMENT_KINDS, DOCUMENT_STATUSES, type Document } from '#domain/library/document.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import type { DocumentId, SourceId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { newestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';
import { ReadableDocuments } from './readable-documents.ts';

export class MemoryDocuments implements Documents {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;
  readonly #readable: ReadableDocuments;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
    this.#readable = new ReadableDocuments(deps);
  }

  async find(id: DocumentId): Promise<Document | undefined> {
    return this.#changes.find(this.#tables.documents, id);
  }

  async findBySha256(sourceId: SourceId, sha256: string): Promise<Document | undefined> {
    return this.#where((document) => document.sourceId === sourceId && document.sha256 === sha256)[0];
  }

  async findReadable(id: DocumentId, reader: LibraryReader): Promise<Document | undefined> {
    const document = await this.find(id);
    return document !== undefined && this.#readable.has(document, reader) ? document : undefined;
  }

  async findReadableIds(ids: readonly DocumentId[], reader: LibraryReader): Promise<ReadonlySet<DocumentId>> {
    const found = await Promise.all(ids.map((id) => this.findReadable(id, reader)));
    return new Set(found.flatMap((document) => (document === undefined ? [] : [document.id])));
  }

  async isSourceReadable(sourceId: SourceId, reader: LibraryReader): Promise<boolean> {
    const source = this.#changes.find(this.#tables.sources, sourceId);
    return source !== undefined && this.#readable.hasSource(source, reader);
  }

  async list(sourceId: SourceId, page: PageRequest<DocumentCursor>): Promise<Page<Document, DocumentCursor>> {
    return newestFirst(
      this.#where((document) => document.sourceId === sourceId),
      keyOf,
      page,
    );
  }

  async listReadable(
    sourceId: SourceId,
    reader: LibraryReader,
    page: PageRequest<DocumentCursor>,
  ): Promise<Page<Document, DocumentCursor>> {
    const found = this.#where((document) => document.sourceId === sourceId && this.#readable.has(document, reader));
    return newestFirst(found, keyOf, page);
  }

  async findFileNames(names: readonly string[]): Promise<readonly string[]> {
    return this.#where(({ fileName }) => names.includes(fileName)).map(({ fileName }) => fileName);
  }

  async listAll({ limit, cursor }: PageRequest<DocumentId>): Promise<Page<Document, DocumentId>> {
    const found = this.#where(({ id }) => cursor === undefined || id > cursor).sort((a, b) => (a.id < b.id ? -1 : 1));
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, next: found.length > limit && last !== undefined ? last.id : null };
  }

  async hasDeduplicated(sourceId: SourceId): Promise<boolean> {
    return this.#where((one) => one.sourceId === sourceId && one.deduplicated).length > 0;
  }

  async countAll(): Promise<readonly DocumentCount[]> {
    const counts = new Map<string, DocumentCount>();
    for (const { kind, status } of this.#where(() => true)) {
      const key = `${kind} ${status}`;
      counts.set(key, { kind, status, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, count]) => count);
  }

  async add(document: Document): Promise<void> {
    const { documents, sources, users } = this.#tables;
    if (this.#changes.has(documents, document.id)) throw new Error('There is a document with this id already.');
    if (!this.#changes.has(sources, document.sourceId)) throw new Error('There is no such source.');
    if (document.createdBy !== null && !this.#changes.has(users, document.createdBy))
      throw new Error('There is no such user.');
    if ((await this.findBySha256(document.sourceId, document.sha256)) !== undefined)
      throw new Error('There is a document with these bytes already.');
    this.#store(document);
  }

  async save(document: Document): Promise<void> {
    const stored = await this.find(document.id);
    if (stored === undefined) return;
    const { sourceId, bytes, sha256, createdBy, createdAt, fileName } = stored;
    this.#store({ ...document, sourceId, bytes, sha256, createdBy, createdAt, fileName });
  }

  async remove(id: DocumentId): Promise<void> {
    this.#changes.remove(this.#tables.documents, id);
  }

  #store(document: Document): void {
    known(DOCUMENT_KINDS, document.kind);
    known(AUDIENCES, document.audience);
    known(DOCUMENT_STATUSES, document.status);
    this.#changes.set(this.#tables.documents, document.id, document);
  }

  #where(isWanted: (document: Document) => boolean): Document[] {
    return [...this.#changes.all(this.#tables.documents, isWanted)];
  }
}

function keyOf({ createdAt, id }: Document): DocumentCursor {
  return { at: createdAt, id };
}
