/** The ports of the library context: repositories of sources and licences. */
import type { Source } from '#domain/library/source.ts';
import type { SourceAccess } from '#domain/library/source-access.ts';
import type { SourceId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { Page, PageRequest } from '../shared/page.ts';

/**
 * The keyset of the last source of a page: the time at which it was added, and its id. The next page starts after it.
 */
export type SourceCursor = Readonly<{ at: Date; id: SourceId }>;
/** The keyset of the last licence of a page: the time of its grant, and its user. The next page starts after it. */
export type AccessCursor = Readonly<{ at: Date; id: UserId }>;

/** Sources. Only a unit of work may call the methods that change something. */
export interface Sources {
  find(id: SourceId): Promise<Source | undefined>;
  /** Returns a page of the sources of a workspace, newest first. */
  list(workspaceId: WorkspaceId, page: PageRequest<SourceCursor>): Promise<Page<Source, SourceCursor>>;
  /**
   * The same for those that a user may read: the included ones, and those to which they have a licence that is valid at
   * `now`. Whether they are a member of the workspace is not looked at.
   */
  listReadable(
    workspaceId: WorkspaceId,
    reader: Readonly<{ userId: UserId; now: Date }>,
    page: PageRequest<SourceCursor>,
  ): Promise<Page<Source, SourceCursor>>;
  /** Throws 409 `source_taken`. */
  add(source: Source): Promise<void>;
  /** Updates every field of an existing source. Throws 409 `source_taken`. */
  save(source: Source): Promise<void>;
  /** Removes the source with all licences to it. */
  remove(id: SourceId): Promise<void>;
}

/** Licences: at most one for each user and source. */
export interface SourceAccesses {
  /** Returns the licence of this user and source, even a revoked one. */
  find(sourceId: SourceId, userId: UserId): Promise<SourceAccess | undefined>;
  /** Returns the user's licences to these sources, even revoked ones, in no particular order. */
  findByUser(userId: UserId, sourceIds: readonly SourceId[]): Promise<readonly SourceAccess[]>;
  /** Returns when the next licence of the user begins after a time; undefined where none does. */
  findNextStart(userId: UserId, after: Date): Promise<Date | undefined>;
  /** Returns a page of the licences to a source that were not revoked, newest grant first. */
  list(sourceId: SourceId, page: PageRequest<AccessCursor>): Promise<Page<SourceAccess, AccessCursor>>;
  /** Adds or replaces the licence of its user and source, which is in this workspace. Throws 404 `user_not_found`. */
  save(access: SourceAccess, workspaceId: WorkspaceId): Promise<void>;
}
