/** Units of work as Sequelize transactions: repositories bound to one, all of it or nothing. */
import { type Sequelize, Transaction } from 'sequelize';
import type { AuditRecords } from '#application/audit/ports.ts';
import type { FormerAuthors, Threads } from '#application/conversations/ports.ts';
import type { PasswordHashes, Roles, Users } from '#application/identity/ports.ts';
import type { IdempotencyKeys } from '#application/shared/idempotency.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { defineAudit, SequelizeAuditLog } from './audit.ts';
import { defineFormerAuthors, SequelizeFormerAuthors } from './former-authors.ts';
import { isConflict, translated } from './failures.ts';
import { defineIdempotencyKeys, SequelizeIdempotencyKeys } from './idempotency-keys.ts';
import { definePasswordHashes, SequelizePasswordHashes } from './password-hashes.ts';
import { translating } from './reads.ts';
import { defineRoles, SequelizeRoles } from './roles.ts';
import { defineThreads, SequelizeThreads } from './threads.ts';
import { defineUsers, SequelizeUsers } from './users.ts';

/** What a unit of work may touch. */
export type SequelizeRepos = Readonly<{
  users: Users;
  roles: Roles;
  passwordHashes: PasswordHashes;
  threads: Threads;
  audit: AuditRecords;
  formerAuthors: FormerAuthors;
  idempotency: IdempotencyKeys;
}>;

/** Runs a unit while nothing else writes; the writer queue on SQLite. */
export type Turn = <T>(unit: () => Promise<T>) => Promise<T>;

/** After so many conflicts in a row the caller is told to come back. */
const ATTEMPTS = 5;

export class SequelizeUnitOfWork implements UnitOfWork<SequelizeRepos> {
  /** The same stores outside of units of work: for reading what is committed, never for writing. Wait for no unit. */
  readonly reads: SequelizeRepos;
  readonly #sequelize: Sequelize;
  readonly #turn: Turn;
  readonly #repos: (transaction: Transaction | null) => SequelizeRepos;

  constructor(deps: Readonly<{ sequelize: Sequelize; turn: Turn }>) {
    this.#sequelize = deps.sequelize;
    this.#turn = deps.turn;
    this.#repos = repositories(deps.sequelize);
    this.reads = translating(this.#repos(null));
  }

  async run<T>(work: (repos: SequelizeRepos) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#turn(() => this.#once(work));
      } catch (error) {
        if (attempt === ATTEMPTS || !isConflict(error)) throw translated(error);
      }
    }
  }

  async #once<T>(work: (repos: SequelizeRepos) => Promise<T>): Promise<T> {
    const transaction = await this.#sequelize.transaction({ type: Transaction.TYPES.IMMEDIATE });
    let result: T;
    try {
      result = await work(this.#repos(transaction));
    } catch (error) {
      await transaction.rollback();
      throw error;
    }
    await transaction.commit();
    return result;
  }
}

/** Defines the models once; gives the stores of one transaction, or of none. */
function repositories(sequelize: Sequelize): (transaction: Transaction | null) => SequelizeRepos {
  const roles = defineRoles(sequelize);
  const users = defineUsers(sequelize);
  const passwordHashes = definePasswordHashes(sequelize);
  const threads = defineThreads(sequelize);
  const audit = defineAudit(sequelize);
  const formerAuthors = defineFormerAuthors(sequelize);
  const idempotency = defineIdempotencyKeys(sequelize);
  return (transaction) => ({
    users: new SequelizeUsers({ models: users, transaction }),
    roles: new SequelizeRoles({ models: roles, transaction }),
    passwordHashes: new SequelizePasswordHashes({ model: passwordHashes, transaction }),
    threads: new SequelizeThreads({ model: threads, transaction }),
    audit: new SequelizeAuditLog({ models: audit, transaction }),
    formerAuthors: new SequelizeFormerAuthors({ model: formerAuthors, transaction }),
    idempotency: new SequelizeIdempotencyKeys({ model: idempotency, transaction }),
  });
}
