/** Licences to sources in memory. */
import type { AccessCursor, SourceAccesses } from '#application/library/ports.ts';
import type { Page, PageRequest } from '#application/shared/page.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { ACCESS_TYPES, type SourceAccess } from '#domain/library/source-access.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { newestFirst } from '../shared/keyset.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

/** Under which a licence is stored: one per user and source. */
export function accessKey(sourceId: SourceId, userId: UserId): string {
  return `${sourceId} ${userId}`;
}

export class MemorySourceAccesses implements SourceAccesses {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async find(sourceId: SourceId, userId: UserId): Promise<SourceAccess | undefined> {
    return this.#changes.find(this.#tables.sourceAccess, accessKey(sourceId, userId));
  }

  async findByUser(userId: UserId, sourceIds: readonly SourceId[]): Promise<readonly SourceAccess[]> {
    const found = await Promise.all(sourceIds.map((id) => this.find(id, userId)));
    return found.filter((one) => one !== undefined);
  }

  async findNextStart(userId: UserId, after: Date): Promise<Date | undefined> {
    const starts = [...this.#changes.all(this.#tables.sourceAccess)]
      .filter((access) => access.userId === userId && access.revokedAt === null && access.validFrom > after)
      .map(({ validFrom }) => validFrom);
    return starts.toSorted((a, b) => a.getTime() - b.getTime())[0];
  }

  async list(sourceId: SourceId, page: PageRequest<AccessCursor>): Promise<Page<SourceAccess, AccessCursor>> {
    const found = [
      ...this.#changes.all(
        this.#tables.sourceAccess,
        (access) => access.sourceId === sourceId && access.revokedAt === null,
      ),
    ];
    return newestFirst(found, ({ grantedAt, userId }) => ({ at: grantedAt, id: userId }), page);
  }

  async save(access: SourceAccess): Promise<void> {
    if (!this.#changes.has(this.#tables.users, access.userId)) throw identityErrors.userNotFound();
    if (!this.#changes.has(this.#tables.sources, access.sourceId)) throw new Error('There is no such source.');
    known(ACCESS_TYPES, access.type);
    this.#changes.set(this.#tables.sourceAccess, accessKey(access.sourceId, access.userId), access);
  }
}
