/** The record tables in memory, and the changes of one unit of work over them. */
import type { AuditHead, SealedEntry } from '#application/audit/ports.ts';
import type { AuditEntry } from '#application/shared/audit-log.ts';
import type { StoredResponse } from '#application/shared/idempotency.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { Game, Membership } from '#domain/games/game.ts';
import type { GameEvent } from '#domain/games/game-event.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import type { PasswordLink } from '#domain/identity/password-link.ts';
import type { Role } from '#domain/identity/permissions.ts';
import type { User } from '#domain/identity/user.ts';
import type { Job } from '#domain/jobs/job.ts';
import type { Document } from '#domain/library/document.ts';
import type { Passage } from '#domain/library/passage.ts';
import type { Source } from '#domain/library/source.ts';
import type { SourceAccess } from '#domain/library/source-access.ts';
import type { ThreadId, WorkspaceId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import type { QuotaUsage } from '#domain/workspaces/quota.ts';
import type { Workspace, WorkspaceMembership } from '#domain/workspaces/workspace.ts';
import type { StoredVectors } from './stored-vectors.ts';
import type { MemoryTranscript } from './transcript.ts';

/** Committed rows by key. Only `Changes` reads and writes them. */
export class MemoryTable<Row> {
  readonly rows = new Map<string, Row>();
}

/** An index is a table too: from what is unique to the id. */
export class MemoryTables {
  readonly workspaces = new MemoryTable<Workspace>();
  /** By `workspaceMemberKey`. */
  readonly workspaceMembers = new MemoryTable<WorkspaceMembership>();
  readonly workspaceInvitations = new MemoryTable<WorkspaceInvitation>();
  readonly workspaceInvitationIdByDigest = new MemoryTable<string>();
  /** By `quotaKey`. */
  readonly quotas = new MemoryTable<QuotaUsage & Readonly<{ workspaceId: WorkspaceId }>>();
  readonly users = new MemoryTable<User>();
  readonly userIdByEmail = new MemoryTable<string>();
  readonly userIdByUsername = new MemoryTable<string>();
  readonly roles = new MemoryTable<Role>();
  readonly passwordHashes = new MemoryTable<string>();
  readonly apiTokens = new MemoryTable<ApiToken>();
  readonly apiTokenIdByDigest = new MemoryTable<string>();
  /** By digest. */
  readonly passwordLinks = new MemoryTable<PasswordLink>();
  readonly oauthAccounts = new MemoryTable<OauthAccount>();
  readonly games = new MemoryTable<Game>();
  /** By `membershipKey`. */
  readonly memberships = new MemoryTable<Membership>();
  readonly invitations = new MemoryTable<Invitation>();
  readonly invitationIdByDigest = new MemoryTable<string>();
  readonly gameEvents = new MemoryTable<GameEvent>();
  readonly sources = new MemoryTable<Source>();
  readonly sourceIdByKey = new MemoryTable<string>();
  /** By `accessKey`. */
  readonly sourceAccess = new MemoryTable<SourceAccess>();
  readonly documents = new MemoryTable<Document>();
  /** By `passageKey`. */
  readonly passages = new MemoryTable<Passage>();
  /** By `vectorsKey`. */
  readonly passageVectors = new MemoryTable<StoredVectors>();
  readonly threads = new MemoryTable<Thread>();
  /** Not of one unit of work: what is said is committed by itself. */
  readonly transcripts = new Map<ThreadId, MemoryTranscript>();
  /** Threads that are not yet among the others, and until when. */
  readonly stagedThreads = new MemoryTable<Readonly<{ thread: Thread; until: Date }>>();
  /** Each under its own id: threads that are no longer among the others. */
  readonly deletedThreads = new MemoryTable<ThreadId>();
  readonly jobs = new MemoryTable<Job>();
  readonly unsealedAudit = new MemoryTable<AuditEntry>();
  /** By sequence. */
  readonly sealedAudit = new MemoryTable<SealedEntry>();
  readonly auditHead = new MemoryTable<AuditHead>();
  readonly idempotencyKeys = new MemoryTable<StoredResponse>();

  /** With Home, which a migration opens in a database. */
  constructor() {
    this.workspaces.rows.set(HOME_ID, { id: HOME_ID, name: 'Home', createdByUserId: null, createdAt: new Date() });
  }
}

/**
 * What one unit of work has changed, over the committed rows; costs what the unit touches, not what is stored.
 * Rows are copied on the way in and on the way out, so nobody holds what is stored.
 */
export class Changes {
  /** What was removed is undefined. */
  readonly #changed = new Map<MemoryTable<unknown>, Map<string, unknown>>();

  has(table: MemoryTable<unknown>, key: string): boolean {
    return this.#row(table, key) !== undefined;
  }

  find<Row>(table: MemoryTable<Row>, key: string): Row | undefined {
    return structuredClone(this.#row(table, key));
  }

  /** All rows that are wanted, the changed ones in their new form, in no order. Only those are copied. */
  *all<Row>(table: MemoryTable<Row>, isWanted: (row: Row) => boolean = () => true): Iterable<Row> {
    const changed = this.#changed.get(table) as Map<string, Row | undefined> | undefined;
    for (const [key, row] of table.rows) if (changed?.has(key) !== true && isWanted(row)) yield structuredClone(row);
    for (const row of changed?.values() ?? []) if (row !== undefined && isWanted(row)) yield structuredClone(row);
  }

  set<Row>(table: MemoryTable<Row>, key: string, row: Row): void {
    const changed = this.#changed.get(table) ?? new Map<string, unknown>();
    this.#changed.set(table, changed.set(key, structuredClone(row)));
  }

  remove(table: MemoryTable<unknown>, key: string): void {
    const changed = this.#changed.get(table) ?? new Map<string, unknown>();
    this.#changed.set(table, changed.set(key, undefined));
  }

  removeWhere<Row>(table: MemoryTable<Row>, goes: (row: Row) => boolean): void {
    const keys = [...table.rows.keys(), ...(this.#changed.get(table)?.keys() ?? [])];
    for (const key of keys) {
      const row = this.#row(table, key);
      if (row !== undefined && goes(row)) this.remove(table, key);
    }
  }

  /** Makes the changes what everybody sees. */
  commit(): void {
    for (const [table, changed] of this.#changed) {
      for (const [key, row] of changed) {
        if (row === undefined) table.rows.delete(key);
        else table.rows.set(key, row);
      }
    }
    this.#changed.clear();
  }

  /** What is stored itself, which nobody outside may get hold of. */
  #row<Row>(table: MemoryTable<Row>, key: string): Row | undefined {
    const changed = this.#changed.get(table) as Map<string, Row | undefined> | undefined;
    return changed?.has(key) === true ? changed.get(key) : table.rows.get(key);
  }
}
