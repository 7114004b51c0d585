/** What the audit needs of the outside, beyond adding entries. */

import type { AuditEntryId, UserId } from '#domain/shared/ids.ts';
import type { AuditEntry, AuditLog } from '../shared/audit-log.ts';
import type { Page } from '../shared/page.ts';

/** An entry with its place in the chain, counted from 1, and its hash. */
export type SealedEntry = Readonly<{ entry: AuditEntry; sequence: number; hash: string }>;

/** The newest place of the chain and its hash; place 0 and an empty hash where nothing is sealed. */
export type AuditHead = Readonly<{ sequence: number; hash: string }>;

/** What an entry must match; a filter that is absent lets all through. */
export type AuditFilter = Readonly<{
  actor?: UserId;
  action?: string;
  subject?: string;
  /** Entries of this moment and later. */
  since?: Date;
}>;

/** After which entry a list goes on. */
export type AuditCursor = Readonly<{ at: Date; id: AuditEntryId }>;

/** The log as it is read. */
export interface AuditReads {
  /** Newest first, by time and then by id. */
  list(
    filter: AuditFilter,
    page: Readonly<{ limit: number; cursor?: AuditCursor }>,
  ): Promise<Page<AuditEntry, AuditCursor>>;
  /** Sealed entries from a place on, by place, at most `limit`. */
  listSealed(fromSequence: number, limit: number): Promise<readonly SealedEntry[]>;
  /** Entries without a place, oldest first, at most `limit`. */
  listUnsealed(limit: number): Promise<readonly AuditEntry[]>;
  countUnsealed(): Promise<number>;
  /** Undefined only where somebody took it away. */
  findHead(): Promise<AuditHead | undefined>;
}

/** The log within a unit of work, with what seals it. */
export interface AuditRecords extends AuditLog, AuditReads {
  /** Gives entries their places and hashes, once, and moves the head to the last of them. */
  seal(entries: readonly SealedEntry[]): Promise<void>;
}
