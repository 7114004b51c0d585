/** Units of work in memory: one turn at a time, its changes kept apart until it has succeeded. */
import type { Repos } from '#application/repos.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { MemoryDeletedThreads } from './conversations/deleted-threads.ts';
import { MemoryMessageAuthors } from './conversations/message-authors.ts';
import { MemoryStagedThreads } from './conversations/staged-threads.ts';
import { MemoryThreads } from './conversations/threads.ts';
import { MemoryGameEvents } from './games/game-events.ts';
import { MemoryGames } from './games/games.ts';
import { gameInvitations } from './games/invitations.ts';
import { MemoryMemberships } from './games/memberships.ts';
import { MemoryApiTokens } from './identity/api-tokens.ts';
import { MemoryOauthAccounts } from './identity/oauth-accounts.ts';
import { MemoryPasswordHashes } from './identity/password-hashes.ts';
import { MemoryPasswordLinks } from './identity/password-links.ts';
import { MemoryRoles } from './identity/roles.ts';
import { MemoryUsers } from './identity/users.ts';
import { MemoryJobs } from './jobs/jobs.ts';
import { MemoryDocuments } from './library/documents.ts';
import { MemoryPassageVectors } from './library/passage-vectors.ts';
import { MemoryPassages } from './library/passages.ts';
import { MemorySourceAccesses } from './library/source-accesses.ts';
import { MemorySources } from './library/sources.ts';
import { MemoryAuditLog } from './operations/audit.ts';
import { MemoryEncryptedValues } from './operations/encrypted-values.ts';
import { MemoryIdempotencyKeys } from './operations/idempotency-keys.ts';
import { MemoryStatistics } from './operations/statistics.ts';
import { Changes, type MemoryTables } from './shared/tables.ts';
import type { Turn } from './shared/turn.ts';
import { MemoryQuotas } from './workspaces/quotas.ts';
import { workspaceInvitations } from './workspaces/workspace-invitations.ts';
import { MemoryWorkspaceMembers } from './workspaces/workspace-members.ts';
import { MemoryWorkspaces } from './workspaces/workspaces.ts';

export class MemoryUnitOfWork implements UnitOfWork<Repos> {
  readonly #tables: MemoryTables;
  readonly #turn: Turn;

  constructor(deps: Readonly<{ tables: MemoryTables; turn: Turn }>) {
    this.#tables = deps.tables;
    this.#turn = deps.turn;
  }

  run<T>(work: (repos: Repos) => Promise<T>): Promise<T> {
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
    workspaces: new MemoryWorkspaces(deps),
    workspaceMembers: new MemoryWorkspaceMembers(deps),
    workspaceInvitations: workspaceInvitations(deps),
    quotas: new MemoryQuotas(deps),
    users: new MemoryUsers(deps),
    roles: new MemoryRoles(deps),
    passwordHashes: new MemoryPasswordHashes(deps),
    passwordLinks: new MemoryPasswordLinks(deps),
    apiTokens: new MemoryApiTokens(deps),
    oauthAccounts: new MemoryOauthAccounts(deps),
    games: new MemoryGames(deps),
    memberships: new MemoryMemberships(deps),
    invitations: gameInvitations(deps),
    gameEvents: new MemoryGameEvents(deps),
    sources: new MemorySources(deps),
    sourceAccesses: new MemorySourceAccesses(deps),
    documents: new MemoryDocuments(deps),
    passages: new MemoryPassages(deps),
    passageVectors: new MemoryPassageVectors(deps),
    threads: new MemoryThreads(deps),
    audit: new MemoryAuditLog(deps),
    stagedThreads: new MemoryStagedThreads(deps),
    deletedThreads: new MemoryDeletedThreads(deps),
    messageAuthors: new MemoryMessageAuthors(deps),
    jobs: new MemoryJobs(deps),
    statistics: new MemoryStatistics(deps),
    idempotency: new MemoryIdempotencyKeys(deps),
    encryptedValues: new MemoryEncryptedValues(deps),
  } satisfies Repos;
}
