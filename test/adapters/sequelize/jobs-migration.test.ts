/** The migration that turns deleted users who are still on their messages into jobs. */
import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { AnonymizeAuthors } from '#application/conversations/messages/anonymize-authors.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES, sqlDatabases } from '../../support/backends/sql-databases.ts';
import { addJobs, aNewJob, Worker } from '../../support/builders/jobs.ts';
import { aMessage, aUser } from '../../support/builders/records.ts';
import { anAppendGuard, aThreadOf } from '../../support/builders/window-changes.ts';
import { forgetMigrationsAfter, migrationsUpTo } from '../../support/servers/temporary-database.ts';

const NAME = '0021-jobs';
const FOLDER = migrationsUpTo(NAME);

contract('The migration of jobs', ON_SQL_DATABASES, sqlDatabases, (database) => {
  const migrator = () => database().migrator(FOLDER);
  const formerAuthors = async () => {
    const sql = 'SELECT user_id FROM former_authors ORDER BY user_id';
    const rows = await database().sequelize.query<{ user_id: string }>(sql, { type: QueryTypes.SELECT });
    return rows.map(({ user_id }) => user_id);
  };

  beforeEach(() => forgetMigrationsAfter(NAME, database()));

  it('leaves no deleted user on their messages who was on them before', async () => {
    const stores = database().stores();
    const { thread } = await aThreadOf(stores, 2);
    const gone = aUser();
    await stores.unitOfWork.run(({ users }) => users.add(gone));
    for (const authorId of [thread.ownerId, gone.id])
      await stores.conversations.append(aMessage(thread.id, { authorId }), anAppendGuard, null);
    await stores.unitOfWork.run(({ users }) => users.remove(gone.id));
    expect(await migrator().down()).to.deep.equal([NAME]);
    const insert = 'INSERT INTO former_authors (user_id) VALUES (:id)';
    await database().sequelize.query(insert, { replacements: { id: gone.id } });
    expect(await migrator().up()).to.deep.equal([NAME]);
    const { items } = await stores.reads.jobs.list({ requestedBy: null, limit: 9 });
    expect(items).to.have.length(1);
    expect(items[0]).to.deep.include({
      kind: 'anonymize_messages',
      key: gone.id,
      payload: { user_id: gone.id },
      status: 'queued',
      requestedBy: null,
      cancelRequested: false,
    });
    const worker = new Worker(stores, { anonymize_messages: new AnonymizeAuthors() });
    worker.now = new Date();
    await worker.run();
    expect(worker.outcomes).to.deep.equal(['done']);
    const said = await stores.conversations.messages(thread.id, { limit: 9 });
    expect(said.slice(-2).map(({ authorId }) => authorId)).to.deep.equal([thread.ownerId, null]);
  });

  it('gives back when it is undone whoever is still to be taken off their messages, and nobody else', async () => {
    const { unitOfWork } = database();
    const job = (id: string, kind = 'anonymize_messages') =>
      aNewJob({ kind, key: id, payload: { user_id: id as UserId } });
    const [waits, done, failed] = [job('usr_a'), job('usr_b'), job('usr_c')];
    await addJobs({ unitOfWork }, waits, done, failed, job('usr_d', 'other'));
    await unitOfWork.run(async ({ jobs }) => {
      for (const [{ id }, status] of [[done, 'done'] as const, [failed, 'failed'] as const]) {
        const stored = await jobs.find(id);
        if (stored !== undefined) await jobs.save({ ...stored, status });
      }
    });
    await migrator().down();
    expect(await formerAuthors()).to.deep.equal(['usr_a', 'usr_c']);
  });
});
