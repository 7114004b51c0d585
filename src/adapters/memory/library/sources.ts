/** Sources in memory. */
import type { SourceCursor, Sources } from '#application/library/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { type Source, sourceKey } from '#domain/library/source.ts';
import { readable } from '#domain/library/source-access.ts';
import type { SourceId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { newestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';
import { accessKey } from './source-accesses.ts';

type PageOf = PageRequest<SourceCursor>;

export class MemorySources implements Sources {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(id: SourceId): Promise<Source | undefined> {
    return this.#changes.find(this.#tables.sources, id);
  }

  list(workspaceId: WorkspaceId, page: PageOf): Promise<Page<Source, SourceCursor>> {
    return this.#listWhere((source) => source.workspaceId === workspaceId, page);
  }

  listReadable(
    workspaceId: WorkspaceId,
    { userId, now }: Readonly<{ userId: UserId; now: Date }>,
    page: PageOf,
  ): Promise<Page<Source, SourceCursor>> {
    const { sourceAccess } = this.#tables;
    return this.#listWhere((source) => {
      if (source.workspaceId !== workspaceId) return false;
      const access = this.#changes.find(sourceAccess, accessKey(source.id, userId));
      return readable(source, access, now) !== null;
    }, page);
  }

  async add(source: Source): Promise<void> {
    if (this.#changes.has(this.#tables.sources, source.id)) throw new Error('There is a source with this id already.');
    this.#store(source);
  }

  async save(source: Source): Promise<void> {
    const stored = this.#changes.find(this.#tables.sources, source.id);
    if (stored === undefined) return;
    if (sourceKey(stored) !== sourceKey(source)) this.#checkFree(source);
    this.#changes.remove(this.#tables.sourceIdByKey, sourceKey(stored));
    this.#store(source);
  }

  async remove(id: SourceId): Promise<void> {
    const { sources, sourceIdByKey, sourceAccess, documents } = this.#tables;
    const stored = this.#changes.find(sources, id);
    if (stored === undefined) return;
    this.#changes.remove(sources, id);
    this.#changes.remove(sourceIdByKey, sourceKey(stored));
    this.#changes.removeWhere(sourceAccess, (access) => access.sourceId === id);
    this.#changes.removeWhere(documents, ({ sourceId }) => sourceId === id);
  }

  #store(source: Source): void {
    if (!this.#changes.has(this.#tables.workspaces, source.workspaceId)) throw new Error('There is no such workspace.');
    this.#checkFree(source);
    this.#changes.set(this.#tables.sources, source.id, source);
    this.#changes.set(this.#tables.sourceIdByKey, sourceKey(source), source.id);
  }

  #checkFree(source: Source): void {
    if (this.#changes.has(this.#tables.sourceIdByKey, sourceKey(source))) throw libraryErrors.sourceTaken();
  }

  async #listWhere(wanted: (source: Source) => boolean, page: PageOf): Promise<Page<Source, SourceCursor>> {
    const found = [...this.#changes.all(this.#tables.sources, wanted)];
    return newestFirst(found, ({ createdAt, id }) => ({ at: createdAt, id }), page);
  }
}
