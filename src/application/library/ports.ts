/** What the library needs of the outside. */
import type { Source } from '#domain/library/source.ts';
import type { SourceAccess } from '#domain/library/source-access.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import type { Page } from '../shared/page.ts';

/** Where a list of sources goes on: after the source that was added then, with this id. */
export type SourceCursor = Readonly<{ at: Date; id: SourceId }>;
/** Where a list of licences goes on: after the one of this user, granted then. */
export type AccessCursor = Readonly<{ at: Date; id: UserId }>;

export interface Sources {
  find(id: SourceId): Promise<Source | undefined>;
  /** All sources, newest first. */
  list(page: Readonly<{ limit: number; cursor?: SourceCursor }>): Promise<Page<Source, SourceCursor>>;
  /** As `list`, but only those that the user may read at `now`: included for everybody, or by a licence that holds then. */
  listReadable(
    userId: UserId,
    now: Date,
    page: Readonly<{ limit: number; cursor?: SourceCursor }>,
  ): Promise<Page<Source, SourceCursor>>;
  /** Throws 409 `source_taken`. */
  add(source: Source): Promise<void>;
  /** Stores every field of a source that is there. Throws 409 `source_taken`. */
  save(source: Source): Promise<void>;
  /** Removes the source with all licences to it. */
  remove(id: SourceId): Promise<void>;
}

export interface SourceAccesses {
  /** The row of this user and source, one that was taken back included. */
  find(sourceId: SourceId, userId: UserId): Promise<SourceAccess | undefined>;
  /** The rows of this user for the sources, in no order. */
  findByUser(userId: UserId, sourceIds: readonly SourceId[]): Promise<readonly SourceAccess[]>;
  /** Licences to a source that were not taken back, the newest grant first. */
  list(
    sourceId: SourceId,
    page: Readonly<{ limit: number; cursor?: AccessCursor }>,
  ): Promise<Page<SourceAccess, AccessCursor>>;
  /** Adds or replaces the row of this user and source. Throws 404 `user_not_found`. */
  save(access: SourceAccess): Promise<void>;
}
