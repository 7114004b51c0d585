/** The ports of the audit context: reading the log and sealing it. Entries are added through `AuditLog`. */

import type { AuditEntryId, UserId } from '#domain/shared/ids.ts';
import type { AuditEntry, AuditLog } from '../shared/audit-log.ts';
import type { Page, PageRequest } from '../shared/page.ts';

/** An entry with its sequence in the chain, counted from 1, and its hash. */
export type SealedEntry = Readonly<{ entry: AuditEntry; sequence: number; hash: string }>;

/** The sequence and hash of the last sealed entry; 0 and an empty hash if there is none. */
export type AuditHead = Readonly<{ sequence: number; hash: string }>;

/** Conditions that an entry must meet, all compared exactly. An absent condition is met by every entry. */
export type AuditFilter = Readonly<{
  actor?: UserId;
  action?: string;
  subject?: string;
  /** The earliest time, inclusive. */
  since?: Date;
}>;

/** The keyset of the last entry of a page: the next page starts after it. */
export type AuditCursor = Readonly<{ at: Date; id: AuditEntryId }>;

/** The audit log as it is read outside a unit of work. */
export interface AuditReads {
  /** Returns a page, newest first: by time, then by id, both descending. */
  list(filter: AuditFilter, page: PageRequest<AuditCursor>): Promise<Page<AuditEntry, AuditCursor>>;
  /** Returns at most `limit` sealed entries from a sequence on, in ascending sequence. */
  listSealed(fromSequence: number, limit: number): Promise<readonly SealedEntry[]>;
  /** Returns at most `limit` entries that are not sealed yet, oldest first: by time, then by id. */
  listUnsealed(limit: number): Promise<readonly AuditEntry[]>;
  countUnsealed(): Promise<number>;
  /**
   * Returns the head of the chain. Every database has one from its migration on: undefined means that it was tampered
   * with.
   */
  findHead(): Promise<AuditHead | undefined>;
}

/** The audit log within a unit of work. */
export interface AuditRecords extends AuditLog, AuditReads {
  /**
   * Stores the sequence and hash of each entry and moves the head to the last one. Sequences are unique: of two units
   * of work that seal at the same time one conflicts, and runs again.
   */
  seal(entries: readonly SealedEntry[]): Promise<void>;
}
