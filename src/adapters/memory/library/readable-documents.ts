/** The one rule for who may read what is in the library, in memory. */
import type { Permission } from '#domain/identity/permissions.ts';
import type { Document } from '#domain/library/document.ts';
import { gameOfGm, type LibraryReader } from '#domain/library/library-reader.ts';
import type { Source } from '#domain/library/source.ts';
import { readable } from '#domain/library/source-access.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';
import { accessKey } from './source-accesses.ts';

/** Whoever holds it changes sources, and reads what they change. */
const MAY_CHANGE: Permission = 'sources.write';

export class ReadableDocuments {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  /** Whether the source is there for the reader. */
  hasSource(source: Source, reader: LibraryReader): boolean {
    const isForReader = reader.mayChangeSources || this.#isLicensed(source, reader.userId, reader);
    return isForReader && this.#otherMembers(reader).every(({ userId }) => this.#isLicensed(source, userId, reader));
  }

  /** Whether the document is there for the reader. */
  has(document: Document, reader: LibraryReader): boolean {
    const source = this.#changes.find(this.#tables.sources, document.sourceId);
    if (source === undefined || !this.hasSource(source, reader)) return false;
    if (document.audience === 'everyone') return true;
    const isForReader = reader.mayChangeSources || this.#isGm(reader);
    return isForReader && this.#otherMembers(reader).every(({ roleInGame }) => roleInGame === 'gm');
  }

  #isLicensed(source: Source, userId: UserId, { now }: LibraryReader): boolean {
    const access = this.#changes.find(this.#tables.sourceAccess, accessKey(source.id, userId));
    return readable(source, access, now) !== null;
  }

  #isGm(reader: LibraryReader): boolean {
    const game = gameOfGm(reader);
    return [...this.#changes.all(this.#tables.memberships)].some(
      ({ userId, gameId, roleInGame }) =>
        userId === reader.userId && roleInGame === 'gm' && (game === null || gameId === game),
    );
  }

  /** Of the game whose every member must be able to read it, without those who change sources. */
  #otherMembers({ everyMemberOf, userId }: LibraryReader) {
    if (everyMemberOf === null) return [];
    const members = this.#changes.all(this.#tables.memberships, ({ gameId }) => gameId === everyMemberOf);
    return [...members].filter((member) => member.userId !== userId && !this.#mayChange(member.userId));
  }

  #mayChange(userId: UserId): boolean {
    const { users, roles } = this.#tables;
    const names = this.#changes.find(users, userId)?.roles ?? [];
    return names.some((name) => this.#changes.find(roles, name)?.permissions.includes(MAY_CHANGE));
  }
}
