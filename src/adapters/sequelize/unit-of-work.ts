/** Units of work as Sequelize transactions: repositories bound to one, all of it or nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Sequelize, Transaction } from 'sequelize';
import type { Reads, Repos } from '#application/repos.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { SequelizeDeletedThreads } from './conversations/deleted-threads.ts';
import { SequelizeMessageAuthors } from './conversations/message-authors.ts';
import { SequelizeStagedThreads } from './conversations/staged-threads.ts';
import { defineThreads, SequelizeThreads } from './conversations/threads.ts';
import { defineGameEvents, SequelizeGameEvents } from './games/game-events.ts';
import { defineGames, SequelizeGames } from './games/games.ts';
import { defineInvitations, GAME_INVITATIONS } from './games/invitations.ts';
import { defineMemberships, SequelizeMemberships } from './games/memberships.ts';
import { defineApiTokens, SequelizeApiTokens } from './identity/api-tokens.ts';
import { defineOauthAccounts, SequelizeOauthAccounts } from './identity/oauth-accounts.ts';
import { definePasswordHashes, SequelizePasswordHashes } from './identity/password-hashes.ts';
import { definePasswordLinks, SequelizePasswordLinks } from './identity/password-links.ts';
import { defineRoles, SequelizeRoles } from './identity/roles.ts';
import { defineUsers, SequelizeUsers } from './identity/users.ts';
import { defineJobs } from './jobs/job-rows.ts';
import { SequelizeJobs } from './jobs/jobs.ts';
import { defineDocuments, definePassages } from './library/document-rows.ts';
import { SequelizeDocuments } from './library/documents.ts';
import { SequelizePassageVectors } from './library/passage-vectors.ts';
import { SequelizePassages } from './library/passages.ts';
import { defineSourceAccesses, SequelizeSourceAccesses } from './library/source-accesses.ts';
import { defineSources, SequelizeSources } from './library/sources.ts';
import { defineAudit, SequelizeAuditLog } from './operations/audit.ts';
import { SequelizeEncryptedValues } from './operations/encrypted-values.ts';
import { defineIdempotencyKeys, SequelizeIdempotencyKeys } from './operations/idempotency-keys.ts';
import { SequelizeStatistics } from './operations/statistics.ts';
import { isConflict, mapError } from './shared/failures.ts';
import { SequelizeInvitations } from './shared/invitations.ts';
import { withMappedErrors } from './shared/mapped-errors.ts';
import { defineQuotas, SequelizeQuotas } from './workspaces/quotas.ts';
import { defineWorkspaceInvitations, WORKSPACE_INVITATIONS } from './workspaces/workspace-invitations.ts';
import { defineWorkspaceMembers, SequelizeWorkspaceMembers } from './workspaces/workspace-members.ts';
import { defineWorkspaces, SequelizeWorkspaces } from './workspaces/workspaces.ts';

/** Runs `work` in a transaction of its own: commits it, or rolls it back and throws what it threw. */
export type Transact = <T>(work: (transaction: Transaction) => Promise<T>) => Promise<T>;

/** How often a unit that meets a conflict is tried in all, and how long it waits after which attempt. */
export type Retry = Readonly<{ attempts: number; pauseMs: (attempt: number) => number }>;

export class SequelizeUnitOfWork implements UnitOfWork<Repos> {
  /** The same stores outside of units of work. */
  readonly reads: Reads;
  readonly #transact: Transact;
  readonly #retry: Retry;
  readonly #repos: (transaction: Transaction | null) => Repos;

  constructor(deps: Readonly<{ sequelize: Sequelize; transact: Transact; retry: Retry }>) {
    this.#transact = deps.transact;
    this.#retry = deps.retry;
    this.#repos = repositories(deps.sequelize);
    this.reads = withMappedErrors(this.#repos(null));
  }

  /** Throws 503 `store_unavailable` where others were in the way each time. */
  async run<T>(work: (repos: Repos) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#transact((transaction) => work(this.#repos(transaction)));
      } catch (error) {
        if (attempt >= this.#retry.attempts || !isConflict(error)) throw mapError(error);
        await sleep(this.#retry.pauseMs(attempt));
      }
    }
  }
}

/** Defines the models once; gives the stores of one transaction, or of none. */
export function repositories(sequelize: Sequelize): (transaction: Transaction | null) => Repos {
  const workspaceStores = workspaceRepositories(sequelize);
  const roles = defineRoles(sequelize);
  const users = defineUsers(sequelize);
  const passwordHashes = definePasswordHashes(sequelize);
  const passwordLinks = definePasswordLinks(sequelize);
  const apiTokens = defineApiTokens(sequelize);
  const oauthAccounts = defineOauthAccounts(sequelize);
  const games = defineGames(sequelize);
  const memberships = defineMemberships(sequelize);
  const invitations = defineInvitations(sequelize);
  const gameEvents = defineGameEvents(sequelize);
  const sources = defineSources(sequelize);
  const sourceAccesses = defineSourceAccesses(sequelize);
  const documents = defineDocuments(sequelize);
  const passages = definePassages(sequelize);
  const threads = defineThreads(sequelize);
  const audit = defineAudit(sequelize);
  const jobs = defineJobs(sequelize);
  const idempotency = defineIdempotencyKeys(sequelize);
  const columns = [
    { model: oauthAccounts, column: 'refresh_token' },
    { model: sourceAccesses, column: 'license_key' },
  ];
  return (transaction) => ({
    ...workspaceStores(transaction),
    users: new SequelizeUsers({ models: users, transaction }),
    roles: new SequelizeRoles({ models: roles, transaction }),
    passwordHashes: new SequelizePasswordHashes({ model: passwordHashes, transaction }),
    passwordLinks: new SequelizePasswordLinks({ model: passwordLinks, transaction }),
    apiTokens: new SequelizeApiTokens({ model: apiTokens, transaction }),
    oauthAccounts: new SequelizeOauthAccounts({ model: oauthAccounts, transaction }),
    games: new SequelizeGames({ sequelize, model: games, transaction }),
    memberships: new SequelizeMemberships({ sequelize, model: memberships, transaction }),
    invitations: new SequelizeInvitations({ kind: GAME_INVITATIONS, model: invitations, transaction }),
    gameEvents: new SequelizeGameEvents({ sequelize, model: gameEvents, transaction }),
    sources: new SequelizeSources({ sequelize, model: sources, transaction }),
    sourceAccesses: new SequelizeSourceAccesses({ model: sourceAccesses, transaction }),
    documents: new SequelizeDocuments({ sequelize, model: documents, transaction }),
    passages: new SequelizePassages({ sequelize, model: passages, transaction }),
    passageVectors: new SequelizePassageVectors({ sequelize, transaction }),
    threads: new SequelizeThreads({ model: threads, transaction }),
    audit: new SequelizeAuditLog({ models: audit, transaction }),
    stagedThreads: new SequelizeStagedThreads({ model: threads, transaction }),
    deletedThreads: new SequelizeDeletedThreads({ sequelize, transaction }),
    messageAuthors: new SequelizeMessageAuthors({ sequelize, transaction }),
    jobs: new SequelizeJobs({ model: jobs, transaction }),
    statistics: new SequelizeStatistics({ sequelize, transaction }),
    idempotency: new SequelizeIdempotencyKeys({ model: idempotency, transaction }),
    encryptedValues: new SequelizeEncryptedValues({ columns, transaction }),
  });
}

/** The same of workspaces alone. */
function workspaceRepositories(sequelize: Sequelize) {
  const workspaces = defineWorkspaces(sequelize);
  const members = defineWorkspaceMembers(sequelize);
  defineQuotas(sequelize);
  const invitations = { kind: WORKSPACE_INVITATIONS, model: defineWorkspaceInvitations(sequelize) };
  return (transaction: Transaction | null) => ({
    workspaces: new SequelizeWorkspaces({ sequelize, model: workspaces, transaction }),
    workspaceMembers: new SequelizeWorkspaceMembers({ sequelize, model: members, transaction }),
    workspaceInvitations: new SequelizeInvitations({ ...invitations, transaction }),
    quotas: new SequelizeQuotas({ sequelize, transaction }),
  });
}
