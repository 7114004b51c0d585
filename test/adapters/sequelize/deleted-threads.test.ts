/** Between two pages of its removal a deleted thread is as whole as a backup wants every thread. */
import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { BROKEN_THREADS } from '#adapters/sequelize/shared/record-tables.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES, sqlDatabases } from '../../support/backends/sql-databases.ts';
import { aMessage, aRevision, at } from '../../support/builders/records.ts';
import { anAppendGuard, aRevisionChange, aThreadOf } from '../../support/builders/window-changes.ts';

contract('Deleted threads in a backup', ON_SQL_DATABASES, sqlDatabases, (database) => {
  const broken = async () => {
    const [row] = await database().sequelize.query<{ count: number | string }>(BROKEN_THREADS, {
      type: QueryTypes.SELECT,
    });
    return Number(row?.count);
  };

  it('are whole after every page', async () => {
    const stores = database().stores();
    const { thread } = await aThreadOf(stores, 2);
    for (const content of ['x'.repeat(700_000), 'y'.repeat(700_000)])
      await stores.conversations.append(aMessage(thread.id, { content, size: 1 }), anAppendGuard, null);
    for (const id of [1, 2]) {
      const revision = aRevision({ id, uptoSeq: 4 });
      await stores.conversations.commit(aRevisionChange(thread.id, { ifVersion: id, revision }));
    }
    await stores.unitOfWork.run(({ threads }) => threads.remove(thread.id, at(1)));
    let pages = 0;
    let gone = false;
    while (!gone) {
      expect(await broken(), `after ${pages} pages`).to.equal(0);
      gone = await stores.unitOfWork.run(({ deletedThreads }) => deletedThreads.purgePage(thread.id, at(2)));
      pages += 1;
    }
    expect(pages).to.equal(4);
  });
});
