/** Every repository of the record stores, declared once; each use case names the part that it touches. */
import type { AuditRecords } from './audit/ports.ts';
import type { StagedThreads } from './conversations/imports/staged-threads.ts';
import type { Conversations, DeletedThreads, MessageAuthors, ThreadReads, Threads } from './conversations/ports.ts';
import type { GameEvents, Games, Invitations, MembershipReads, Memberships } from './games/ports.ts';
import type { OauthAccounts } from './identity/oauth/ports.ts';
import type { ApiTokens, PasswordHashes, PasswordLinks, RoleReads, Roles, UserReads, Users } from './identity/ports.ts';
import type { JobQueue, Jobs } from './jobs/ports.ts';
import type { Documents, Passages } from './library/documents/ports.ts';
import type { SourceAccesses, Sources } from './library/ports.ts';
import type { EncryptedValues } from './operations/encrypted-values.ts';
import type { Statistics } from './operations/ports.ts';
import type { PassageVectors } from './retrieval/embedding/ports.ts';
import type { IdempotencyKeys } from './shared/idempotency.ts';
import type { UnitOfWork } from './shared/unit-of-work.ts';
import type {
  Quotas,
  WorkspaceInvitations,
  WorkspaceMemberReads,
  WorkspaceMembers,
  Workspaces,
} from './workspaces/ports.ts';

/** What a unit of work may touch. */
export type Repos = Readonly<{
  workspaces: Workspaces;
  workspaceMembers: WorkspaceMembers;
  workspaceInvitations: WorkspaceInvitations;
  quotas: Quotas;
  users: Users;
  roles: Roles;
  passwordHashes: PasswordHashes;
  passwordLinks: PasswordLinks;
  apiTokens: ApiTokens;
  oauthAccounts: OauthAccounts;
  games: Games;
  memberships: Memberships;
  invitations: Invitations;
  gameEvents: GameEvents;
  sources: Sources;
  sourceAccesses: SourceAccesses;
  documents: Documents;
  passages: Passages;
  passageVectors: PassageVectors;
  threads: Threads;
  stagedThreads: StagedThreads;
  deletedThreads: DeletedThreads;
  messageAuthors: MessageAuthors;
  jobs: Jobs;
  audit: AuditRecords;
  statistics: Statistics;
  idempotency: IdempotencyKeys;
  encryptedValues: EncryptedValues;
}>;

/** The verbs of a store that only read. */
type ReadVerb =
  | `count${string}`
  | `exist${string}`
  | `find${string}`
  | `get${string}`
  | `has${string}`
  | `is${string}`
  | `list${string}`;

/** The methods of a store that only read. */
type ReadsOf<Store> = Pick<Store, Extract<keyof Store, ReadVerb>>;

/**
 * The same stores outside of units of work: they read what is committed, wait for no unit of work, and cannot write.
 */
export type Reads = { readonly [Name in keyof Repos]: ReadsOf<Repos[Name]> };

/**
 * The record stores of one database. What each request asks for has a look-up of its own, next to no slower than the
 * row itself.
 */
export type RecordStores = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  reads: Reads;
  users: UserReads;
  roles: RoleReads;
  passwordHashes: Pick<PasswordHashes, 'find'>;
  workspaceMembers: WorkspaceMemberReads;
  memberships: MembershipReads;
  threads: ThreadReads;
  conversations: Conversations;
  /** The delivery of jobs. */
  jobQueue: JobQueue;
}>;
