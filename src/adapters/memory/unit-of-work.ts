/** Units of work in memory: one turn at a time, its changes kept apart until it has succeeded. */
import type { AuditRecords } from '#application/audit/ports.ts';
import type { FormerAuthors, Threads } from '#application/conversations/ports.ts';
import type { PasswordHashes, Roles, Users } from '#application/identity/ports.ts';
import type { IdempotencyKeys } from '#application/shared/idempotency.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { MemoryAuditLog } from './audit.ts';
import { MemoryFormerAuthors } from './former-authors.ts';
import { MemoryIdempotencyKeys } from './idempotency-keys.ts';
import { MemoryPasswordHashes } from './password-hashes.ts';
import { MemoryRoles } from './roles.ts';
import { Changes, type MemoryTables } from './tables.ts';
import { MemoryThreads } from './threads.ts';
import { MemoryUsers } from './users.ts';

/** What a unit of work may touch. */
export type MemoryRepos = Readonly<{
  users: Users;
  roles: Roles;
  passwordHashes: PasswordHashes;
  threads: Threads;
  audit: AuditRecords;
  formerAuthors: FormerAuthors;
  idempotency: IdempotencyKeys;
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
    threads: new MemoryThreads(deps),
    audit: new MemoryAuditLog(deps),
    formerAuthors: new MemoryFormerAuthors(deps),
    idempotency: new MemoryIdempotencyKeys(deps),
  };
}
