/** A row in every table, for migrations to keep or to drop. */
import type { UserId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import type { SqlDatabase } from '../backends/sql-databases.ts';
import { aDocument, aPassage } from './documents.ts';
import { aNewJob } from './jobs.ts';
import {
  aGame,
  aGameEvent,
  aMembership,
  anAccess,
  anApiToken,
  anAuditEntry,
  anInvitation,
  anOauthAccount,
  aPasswordLink,
  aRevision,
  aSource,
  aStoredResponse,
  aThread,
  at,
  aUser,
} from './records.ts';
import { anAppendChange, aRevisionChange } from './window-changes.ts';
import { aWorkspaceInvitation, aWorkspaceMembership } from './workspaces.ts';

/** New rows each time. */
export async function fillEveryTable(database: SqlDatabase): Promise<void> {
  const user = aUser({ roles: ['bard'] });
  await fillIdentity(database, user);
  await fillGamesAndLibrary(database, user.id);
  await fillConversations(database, user.id);
  if (database.sequelize.getDialect() === 'postgres') await fillSearchIndex(database);
}

async function fillIdentity(database: SqlDatabase, user: ReturnType<typeof aUser>): Promise<void> {
  await database.unitOfWork.run(async (repos) => {
    await repos.roles.save({ name: 'bard', description: 'Sings.', builtin: false, permissions: ['chat.use'] });
    await repos.users.add(user);
    await repos.passwordHashes.save(user.id, 'hash');
    await repos.apiTokens.add(anApiToken(user.id));
    await repos.passwordLinks.add(aPasswordLink(user.id));
    await repos.oauthAccounts.add(anOauthAccount(user.id));
    await repos.audit.add(anAuditEntry());
    await repos.idempotency.add(aStoredResponse({ key: `key of ${user.id}` }));
  });
}

async function fillGamesAndLibrary(database: SqlDatabase, userId: UserId): Promise<void> {
  const [game, source] = [aGame(userId), aSource()];
  await database.unitOfWork.run(async (repos) => {
    await repos.workspaceMembers.save(aWorkspaceMembership(HOME_ID, userId, { role: 'editor' }));
    await repos.workspaceInvitations.add(aWorkspaceInvitation(HOME_ID));
    await repos.quotas.take(HOME_ID, { stored_bytes: 5_000_000_000 }, at(0));
    await repos.games.add(game);
    await repos.memberships.add(aMembership(game.id, userId));
    await repos.invitations.add(anInvitation(game.id));
    await repos.gameEvents.add(aGameEvent(game.id, { userId, byUserId: userId }));
    await repos.sources.add(source);
    await repos.sourceAccesses.save(anAccess(source.id, userId), source.workspaceId);
    const document = aDocument(source.id, { createdBy: userId });
    await repos.documents.add(document);
    const passage = aPassage(document);
    await repos.passages.add([passage]);
    const due = { documentId: document.id, generation: passage.generation, passages: [passage] };
    const vectors = new Map([[passage.ordinal, Float32Array.of(1, 2)]]);
    await repos.passageVectors.add({ model: 'small', dimension: 2 }, due, vectors);
    await repos.threads.add(aThread(userId, { gameId: game.id }));
  });
}

async function fillConversations(database: SqlDatabase, userId: UserId): Promise<void> {
  const thread = aThread(userId);
  await database.unitOfWork.run(async (repos) => {
    await repos.threads.add(thread);
    await repos.jobs.add(anonymization(userId));
  });
  const change = anAppendChange(thread.id, { revision: aRevision() });
  const { conversations } = database.stores();
  await conversations.commit(change);
  const event = { ...aRevision({ id: 2 }).event, by: userId };
  await conversations.commit(aRevisionChange(thread.id, { ifVersion: 2, revision: aRevision({ id: 2, event }) }));
}

/** The job that undoing its migration preserves as a row of another table. */
function anonymization(userId: UserId) {
  return aNewJob({ kind: 'anonymize_messages', key: userId, requestedBy: userId, payload: { user_id: userId } });
}

/** SQLite has its own in another file. */
async function fillSearchIndex({ sequelize }: SqlDatabase): Promise<void> {
  await sequelize.query(`INSERT INTO search_documents
    SELECT count(*), thread_id, to_tsvector('simple', min(content)) FROM messages GROUP BY thread_id
    ON CONFLICT DO NOTHING`);
  await sequelize.query(`INSERT INTO search_progress SELECT thread_id, max(seq) FROM messages GROUP BY thread_id
    ON CONFLICT DO NOTHING`);
}
