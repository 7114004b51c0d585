/** What every store promises about threads that are deleted: hidden at once, and gone a page at a time. */
import { expect } from 'chai';
import { PurgeThreads } from '#application/conversations/threads/purge-threads.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, aMembership, aMessage, aRevision, aThread, at, aUser } from '../../support/builders/records.ts';
import {
  anAppendChange,
  anAppendGuard,
  aPinChange,
  aRevisionChange,
  aThreadOf,
} from '../../support/builders/window-changes.ts';

contract('Deleted threads', ON_RECORD_STORES, recordStores, (stores) => {
  let thread: Thread;
  let forgotten: ThreadId[];

  beforeEach(async () => {
    ({ thread } = await aThreadOf(stores(), 3));
    forgotten = [];
  });

  const remove = (id = thread.id) => stores().unitOfWork.run(({ threads }) => threads.remove(id, at(1)));
  const page = () => stores().unitOfWork.run(({ deletedThreads }) => deletedThreads.purgePage(thread.id, at(2)));
  const purge = (closing = new AbortController().signal) =>
    new PurgeThreads({
      ...stores(),
      contexts: { remove: async (id) => void forgotten.push(id) },
      clock: { now: () => at(2) },
    }).execute(closing);
  const listed = async () =>
    (await stores().threads.listByUser(thread.ownerId, { workspaceId: HOME_ID, limit: 9 })).items.map(({ id }) => id);
  const left = async () => [
    ...(await stores().conversations.messages(thread.id, { limit: 2_000 })),
    ...(await stores().conversations.events(thread.id, { limit: 9 })),
  ];
  const count = () => stores().reads.statistics.count();

  it('are found, listed and counted nowhere, and have no window', async () => {
    const other = aThread(thread.ownerId);
    await stores().unitOfWork.run(({ threads }) => threads.add(other));
    await stores().conversations.commit(aRevisionChange(thread.id));
    expect(await count()).to.include({ threads: 2, messages: 3, compactions: 1 });
    await remove();
    expect(await stores().threads.find(thread.id)).to.equal(undefined);
    expect(await stores().unitOfWork.run(({ threads }) => threads.find(thread.id))).to.equal(undefined);
    expect(await stores().conversations.snapshot(thread.id)).to.equal(undefined);
    expect(await listed()).to.deep.equal([other.id]);
    expect(await stores().reads.threads.countByOwner(thread.ownerId)).to.equal(1);
    expect(await count()).to.include({ threads: 1, messages: 0, compactions: 0 });
  });

  it('take nothing more, of whatever was under way', async () => {
    await remove();
    const { conversations } = stores();
    const done = [
      await conversations.append(aMessage(thread.id), anAppendGuard, null),
      await conversations.commit(anAppendChange(thread.id, { ifLastSeq: 3 })),
      await conversations.commit(aRevisionChange(thread.id)),
      await conversations.commit(aPinChange(thread.id)),
    ];
    expect(done).to.deep.equal([undefined, undefined, undefined, undefined]);
    const counted = { size: 1, estimator: 'o200k_base' } as const;
    expect(await conversations.recount(thread.id, { version: 1, lastSeq: 3 }, counted)).to.equal(false);
  });

  it('are removed with messages, pins, revisions and who made them, and nothing of other threads', async () => {
    const { thread: other } = await aThreadOf(stores(), 2);
    const event = { ...aRevision().event, by: thread.ownerId };
    await stores().conversations.commit(aRevisionChange(thread.id, { revision: aRevision({ event }) }));
    await stores().conversations.commit(aPinChange(thread.id, { ifVersion: 2 }));
    const before = await stores().conversations.snapshot(other.id);
    await remove();
    expect(await stores().reads.deletedThreads.find(at(2))).to.equal(thread.id);
    await purge();
    expect(forgotten).to.deep.equal([thread.id]);
    expect(await stores().reads.deletedThreads.find(at(2))).to.equal(undefined);
    expect(await left()).to.deep.equal([]);
    expect(await stores().conversations.snapshot(other.id)).to.deep.equal(before);
    await stores().unitOfWork.run(({ threads }) => threads.add(thread));
    expect(await left()).to.deep.equal([]);
  });

  it('go page by page, each of bounded size, and on where somebody stopped', async () => {
    await stores().conversations.append(
      aMessage(thread.id, { content: 'x'.repeat(600_000), size: 1 }),
      anAppendGuard,
      null,
    );
    for (let n = 0; n < 600; n += 1)
      await stores().conversations.append(aMessage(thread.id, { content: 'x', size: 1 }), anAppendGuard, null);
    await stores().conversations.append(
      aMessage(thread.id, { content: 'y'.repeat(999_999), size: 1 }),
      anAppendGuard,
      null,
    );
    await remove();
    const sizes: number[] = [];
    do sizes.push((await left()).length);
    while (!(await page()));
    expect(sizes.toSorted((a, b) => b - a)).to.deep.equal(sizes);
    expect(await left()).to.deep.equal([]);
    // In memory a whole thread is dropped at once.
    if (sizes.length > 1) expect(sizes).to.deep.equal([605, 603, 103, 0]);
    expect(await page()).to.equal(true);
  });

  it('stop at a page’s end where the server closes', async () => {
    await remove();
    await purge(AbortSignal.abort());
    expect(await stores().reads.deletedThreads.find(at(2))).to.equal(thread.id);
  });

  it('are all private threads of a user who goes, and those in games are not', async () => {
    const [gm, game] = [aUser(), aGame(null)];
    const inGame = aThread(thread.ownerId, { gameId: game.id });
    await stores().unitOfWork.run(async ({ users, games, memberships, threads }) => {
      await users.add(gm);
      await games.add(game);
      await memberships.add(aMembership(game.id, gm.id, { roleInGame: 'gm' }));
      await threads.add(inGame);
    });
    await stores().unitOfWork.run(async ({ users, threads }) => {
      await threads.transferOwnership(thread.ownerId);
      await threads.removePrivate(thread.ownerId, at(1));
      await users.remove(thread.ownerId);
    });
    expect(await stores().threads.find(thread.id)).to.equal(undefined);
    expect(await stores().threads.find(inGame.id)).to.include({ ownerId: gm.id });
    expect(await stores().reads.deletedThreads.find(at(2))).to.equal(thread.id);
    await purge();
    expect(await left()).to.deep.equal([]);
  });

  it('are none of a unit of work that fails', async () => {
    await stores()
      .unitOfWork.run(async ({ threads }) => {
        await threads.remove(thread.id, at(1));
        throw new Error('No.');
      })
      .catch(() => {});
    expect(await stores().threads.find(thread.id)).to.include({ lastSeq: 3, version: 1 });
    expect(await stores().reads.deletedThreads.find(at(2))).to.equal(undefined);
  });
});
