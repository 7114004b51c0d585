/** The one rule for who may read what is in the library, in memory. */
import type { Document } from '#domain/library/document.ts';
import { CHANGE_SOURCES, gameOfGm, type LibraryReader } from '#domain/library/library-reader.ts';
import type { Source } from '#domain/library/source.ts';
import { readable } from '#domain/library/source-access.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';
import { workspaceMemberKey } from '../workspaces/workspace-members.ts';
import { accessKey } from './source-accesses.ts';

export class ReadableDocuments {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  /** Whether the source is there for the reader. */
  hasSource(source: Source, reader: LibraryReader): boolean {
    if (!reader.workspaces.includes(source.workspaceId) || !this.#isOfGame(source, reader)) return false;
    const mayChange = reader.changesIn.includes(source.workspaceId);
    const isForReader = mayChange || this.#isLicensed(source, reader.userId, reader);
    const others = this.#otherMembers(source, reader);
    return isForReader && others.every(({ userId }) => this.#isLicensed(source, userId, reader));
  }

  /** Whether the document is there for the reader. */
  has(document: Document, reader: LibraryReader): boolean {
    const source = this.#changes.find(this.#tables.sources, document.sourceId);
    if (source === undefined || !this.hasSource(source, reader)) return false;
    if (document.audience === 'everyone') return true;
    const isForReader = reader.changesIn.includes(source.workspaceId) || this.#isGm(source, reader);
    return isForReader && this.#otherMembers(source, reader).every(({ roleInGame }) => roleInGame === 'gm');
  }

  #isLicensed(source: Source, userId: UserId, { now }: LibraryReader): boolean {
    const access = this.#changes.find(this.#tables.sourceAccess, accessKey(source.id, userId));
    return readable(source, access, now) !== null;
  }

  /** Where every member of a game must be able to read it: whether that is a game of the source's workspace. */
  #isOfGame({ workspaceId }: Source, { everyMemberOf }: LibraryReader): boolean {
    return everyMemberOf === null || this.#changes.find(this.#tables.games, everyMemberOf)?.workspaceId === workspaceId;
  }

  #isGm({ workspaceId }: Source, reader: LibraryReader): boolean {
    const game = gameOfGm(reader);
    return [...this.#changes.all(this.#tables.memberships)].some(
      ({ userId, gameId, roleInGame }) =>
        userId === reader.userId &&
        roleInGame === 'gm' &&
        (game === null || gameId === game) &&
        this.#changes.find(this.#tables.games, gameId)?.workspaceId === workspaceId,
    );
  }

  /** Of the game whose every member must be able to read it, without those who change sources. */
  #otherMembers(source: Source, { everyMemberOf, userId }: LibraryReader) {
    if (everyMemberOf === null) return [];
    const members = this.#changes.all(this.#tables.memberships, ({ gameId }) => gameId === everyMemberOf);
    return [...members].filter((member) => member.userId !== userId && !this.#mayChange(source, member.userId));
  }

  #mayChange({ workspaceId }: Source, userId: UserId): boolean {
    const { users, roles, workspaceMembers } = this.#tables;
    const own = this.#changes.find(workspaceMembers, workspaceMemberKey(workspaceId, userId));
    if (own !== undefined && own.role !== 'reader') return true;
    const names = this.#changes.find(users, userId)?.roles ?? [];
    return names.some((name) => this.#changes.find(roles, name)?.permissions.includes(CHANGE_SOURCES));
  }
}
