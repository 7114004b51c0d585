/** The stores of everything that must survive, opened on each backend that has them. */
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import type { AuditRecords } from '#application/audit/ports.ts';
import type { Conversations, FormerAuthors, ThreadReads, Threads } from '#application/conversations/ports.ts';
import type { Games, Invitations, MembershipReads, Memberships } from '#application/games/ports.ts';
import type { OauthAccounts } from '#application/identity/oauth-ports.ts';
import type {
  ApiTokens,
  PasswordHashes,
  PasswordLinks,
  RoleReads,
  Roles,
  UserReads,
  Users,
} from '#application/identity/ports.ts';
import type { SourceAccesses, Sources } from '#application/library/ports.ts';
import type { EncryptedValues } from '#application/shared/encrypted-values.ts';
import type { IdempotencyKeys } from '#application/shared/idempotency.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Statistics } from '#application/system/ports.ts';
import { openTemporaryDatabase, SEEDERS } from '../support/temporary-database.ts';
import { openTemporaryPostgres } from '../support/temporary-postgres.ts';
import type { Openers, Plan } from './backends.ts';

export type Repos = Readonly<{
  users: Users;
  roles: Roles;
  passwordHashes: PasswordHashes;
  passwordLinks: PasswordLinks;
  apiTokens: ApiTokens;
  oauthAccounts: OauthAccounts;
  games: Games;
  memberships: Memberships;
  invitations: Invitations;
  sources: Sources;
  sourceAccesses: SourceAccesses;
  threads: Threads;
  audit: AuditRecords;
  formerAuthors: FormerAuthors;
  statistics: Statistics;
  idempotency: IdempotencyKeys;
  encryptedValues: EncryptedValues;
}>;

export type RecordStores = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  reads: Repos;
  users: UserReads;
  roles: RoleReads;
  passwordHashes: Pick<PasswordHashes, 'find'>;
  memberships: MembershipReads;
  threads: ThreadReads;
  conversations: Conversations;
}>;

export const ON_RECORD_STORES: Plan = {
  memory: 'run',
  sqlite: 'run',
  embedded: { skip: 'the speed layer holds no records' },
  postgres: 'run',
  redis: { skip: 'records live in the database' },
};

/** Seeded, and otherwise empty. */
export const recordStores: Openers<RecordStores> = {
  memory: async () => {
    const database = new MemoryDatabase();
    await new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork }).up();
    return { harness: database, close: async () => {} };
  },
  sqlite: async () => {
    const { stores, close } = await openTemporaryDatabase();
    return { harness: stores, close };
  },
  postgres: async () => {
    const { stores, close } = await openTemporaryPostgres();
    return { harness: stores, close };
  },
};
