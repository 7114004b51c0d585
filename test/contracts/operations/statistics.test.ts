/** What every store promises to whoever counts what it keeps. */
import { expect } from 'chai';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, aRevision, aSource, aThread, aUser } from '../../support/builders/records.ts';
import { anAppendChange } from '../../support/builders/window-changes.ts';

contract('Statistics', ON_RECORD_STORES, recordStores, (stores) => {
  const count = () => stores().reads.statistics.count();

  it('counts zero of everything in an empty store', async () => {
    const none = { users: 0, games: 0, sources: 0, threads: 0, messages: 0, compactions: 0 };
    expect(await count()).to.deep.equal(none);
  });

  it('counts users, games, sources, threads, messages and compactions, but no undo', async () => {
    const user = aUser();
    const threads = [aThread(user.id), aThread(user.id)];
    await stores().unitOfWork.run(async (repos) => {
      await repos.users.add(user);
      for (const game of [aGame(user.id), aGame(null), aGame(null)]) await repos.games.add(game);
      for (const source of [aSource(), aSource(), aSource(), aSource()]) await repos.sources.add(source);
      for (const thread of threads) await repos.threads.add(thread);
    });
    for (const [i, thread] of threads.entries()) {
      const revision = aRevision({ madeBy: i === 0 ? 'compaction' : 'undo' });
      await stores().conversations.commit(anAppendChange(thread.id, { revision }));
    }
    expect(await count()).to.deep.equal({ users: 1, games: 3, sources: 4, threads: 2, messages: 2, compactions: 1 });
  });
});
