/** Units of work in memory: one turn at a time, its changes kept apart until it has succeeded. */
import type { AuditRecords } from '#application/audit/ports.ts';
import type { FormerAuthors, Threads } from '#application/conversations/ports.ts';
import type { Games, Invitations, Memberships } from '#application/games/ports.ts';
import type { OauthAccounts } from '#application/identity/oauth-ports.ts';
import type { ApiTokens, PasswordHashes, PasswordLinks, Roles, Users } from '#application/identity/ports.ts';
import type { SourceAccesses, Sources } from '#application/library/ports.ts';
import type { EncryptedValues } from '#application/shared/encrypted-values.ts';
import type { IdempotencyKeys } from '#application/shared/idempotency.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { Statistics } from '#application/system/ports.ts';
import { MemoryApiTokens } from './api-tokens.ts';
import { MemoryAuditLog } from './audit.ts';
import { MemoryEncryptedValues } from './encrypted-values.ts';
import { MemoryFormerAuthors } from './former-authors.ts';
import { MemoryGames } from './games.ts';
import { MemoryIdempotencyKeys } from './idempotency-keys.ts';
import { MemoryInvitations } from './invitations.ts';
import { MemoryMemberships } from './memberships.ts';
import { MemoryOauthAccounts } from './oauth-accounts.ts';
import { MemoryPasswordHashes } from './password-hashes.ts';
import { MemoryPasswordLinks } from './password-links.ts';
import { MemoryRoles } from './roles.ts';
import { MemorySourceAccesses } from './source-accesses.ts';
import { MemorySources } from './sources.ts';
import { MemoryStatistics } from './statistics.ts';
import { Changes, type MemoryTables } from './tables.ts';
import { MemoryThreads } from './threads.ts';
import { MemoryUsers } from './users.ts';

/** What a unit of work may touch. */
export type MemoryRepos = Readonly<{
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

/** Runs `work` after everything that was asked for before it. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

export class MemoryUnitOfWork implements UnitOfWork<MemoryRepos> {
  readonly #tables: MemoryTables;
  readonly #turn: Turn;

  constructor(deps: Readonly<{ tables: MemoryTables; turn: Turn }>) {
    this.#tables = deps.tables;
    this.#turn = deps.turn;
  }

  run<T>(work: (repos: MemoryRepos) => Promise<T>): Promise<T> {
    return this.#turn(async () => {
      const changes = new Changes();
      const result = await work(repositories(this.#tables, changes));
      changes.commit();
      return result;
    });
  }
}

/** The stores of one unit of work. */
export function repositories(tables: MemoryTables, changes: Changes) {
  const deps = { tables, changes };
  return {
    users: new MemoryUsers(deps),
    roles: new MemoryRoles(deps),
    passwordHashes: new MemoryPasswordHashes(deps),
    passwordLinks: new MemoryPasswordLinks(deps),
    apiTokens: new MemoryApiTokens(deps),
    oauthAccounts: new MemoryOauthAccounts(deps),
    games: new MemoryGames(deps),
    memberships: new MemoryMemberships(deps),
    invitations: new MemoryInvitations(deps),
    sources: new MemorySources(deps),
    sourceAccesses: new MemorySourceAccesses(deps),
    threads: new MemoryThreads(deps),
    audit: new MemoryAuditLog(deps),
    formerAuthors: new MemoryFormerAuthors(deps),
    statistics: new MemoryStatistics(deps),
    idempotency: new MemoryIdempotencyKeys(deps),
    encryptedValues: new MemoryEncryptedValues(deps),
  };
}
