/** What every store of threads promises. */
import { expect } from 'chai';
import type { ThreadCursor, ThreadFilter } from '#application/conversations/ports.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, aMembership, aMessage, aThread, at, aUser } from '../../support/builders/records.ts';
import { anAppendGuard } from '../../support/builders/window-changes.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('Threads', ON_RECORD_STORES, recordStores, (stores) => {
  let owner: UserId;
  const add = (...threads: readonly Thread[]) =>
    stores().unitOfWork.run(async (repos) => {
      for (const thread of threads) await repos.threads.add(thread);
    });

  beforeEach(async () => {
    const user = aUser();
    owner = user.id;
    await stores().unitOfWork.run(({ users }) => users.add(user));
  });

  async function pages(limit: number, query?: string): Promise<ThreadId[][]> {
    const found: ThreadId[][] = [];
    let next: ThreadCursor | null = null;
    do {
      const page: Awaited<ReturnType<ReturnType<typeof stores>['threads']['listByUser']>> =
        await stores().threads.listByUser(owner, {
          workspaceId: HOME_ID,
          limit,
          ...(next === null ? {} : { cursor: next }),
          ...(query === undefined ? {} : { query }),
        });
      found.push(page.items.map((thread) => thread.id));
      next = page.next;
    } while (next !== null);
    return found;
  }

  it('returns every field as it was stored', async () => {
    const full = aThread(owner, {
      lastMessageAt: at(3),
      archived: true,
      version: 7,
      lastSeq: 12,
      revision: 2,
      windowSize: 5_000_000_000,
      windowEntries: 9,
      estimator: 'o200k_base',
    });
    const bare = aThread(owner, { title: null, systemPrompt: null });
    await add(full, bare);
    expect(await stores().threads.find(full.id)).to.deep.equal(full);
    expect(await stores().threads.find(bare.id)).to.deep.equal(bare);
  });

  it('counts the threads that a user owns, in games and outside, and nobody else’s', async () => {
    const [other, game] = [aUser(), aGame(owner)];
    await stores().unitOfWork.run(async ({ users, games }) => {
      await users.add(other);
      await games.add(game);
    });
    const count = () => stores().reads.threads.countByOwner(owner);
    expect(await count()).to.equal(0);
    await add(aThread(owner), aThread(owner, { gameId: game.id }), aThread(owner, { archived: true }));
    await add(aThread(other.id, { gameId: game.id }));
    expect(await count()).to.equal(3);
  });

  it('returns copies, so that changing one does not change what is stored', async () => {
    const thread = aThread(owner);
    await add({ ...thread, createdAt: new Date(thread.createdAt) });
    (await stores().threads.find(thread.id))?.createdAt.setTime(0);
    (await stores().threads.listByUser(owner, { workspaceId: HOME_ID, limit: 1 })).items[0]?.createdAt.setTime(0);
    expect(await stores().threads.find(thread.id)).to.deep.equal(thread);
  });

  it('stores nothing of a failed unit of work, nor a thread of an unknown owner', async () => {
    const [kept, orphan] = [aThread(owner), aThread(aUser().id)];
    await failureOf(add(kept, orphan));
    expect(await stores().threads.find(kept.id)).to.equal(undefined);
    expect(await stores().threads.find(orphan.id)).to.equal(undefined);
  });

  it('lists threads by last activity, newest first, in pages without gaps or duplicates', async () => {
    const threads = [
      aThread(owner, { createdAt: at(5) }),
      aThread(owner, { createdAt: at(1), lastMessageAt: at(9) }),
      aThread(owner, { createdAt: at(5) }),
      aThread(owner, { createdAt: at(5) }),
      aThread(owner, { createdAt: at(2) }),
    ];
    await add(...threads);
    const id = (index: number) => threads[index]?.id;
    const newestFirst = [id(1), id(3), id(2), id(0), id(4)];
    expect(await pages(2)).to.deep.equal([newestFirst.slice(0, 2), newestFirst.slice(2, 4), newestFirst.slice(4)]);
    expect(await pages(5)).to.deep.equal([newestFirst]);
  });

  it('moves a thread to the front when a message is appended to it', async () => {
    const [first, second] = [aThread(owner, { createdAt: at(1) }), aThread(owner, { createdAt: at(2) })];
    await add(first, second);
    const guard = { ifVersion: 1, sizeBelow: 1_000, maxEntries: 9, estimator: 'chars_div_4' } as const;
    await stores().conversations.append(aMessage(first.id, { createdAt: at(3) }), guard, null);
    expect(await pages(9)).to.deep.equal([[first.id, second.id]]);
  });

  it('is found as a unit of work left it, though it was appended to before', async () => {
    const [gm, game] = [aUser(), aGame(null)];
    const thread = aThread(owner, { gameId: game.id });
    await stores().unitOfWork.run(async ({ users, games, memberships, threads }) => {
      await users.add(gm);
      await games.add(game);
      await memberships.add(aMembership(game.id, gm.id, { roleInGame: 'gm' }));
      await threads.add(thread);
    });
    await stores().conversations.append(aMessage(thread.id, { authorId: owner }), anAppendGuard, null);
    expect(await stores().threads.find(thread.id)).to.include({ ownerId: owner, lastSeq: 1 });
    await stores().unitOfWork.run(({ threads }) => threads.transferOwnership(owner, game.id));
    expect(await stores().threads.find(thread.id)).to.include({ ownerId: gm.id, lastSeq: 1 });
    await stores().unitOfWork.run(({ games }) => games.remove(game.id));
    expect(await stores().threads.find(thread.id)).to.include({ ownerId: gm.id, gameId: null });
  });

  it('lists no threads of other users', async () => {
    const stranger = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(stranger));
    await add(aThread(stranger.id));
    expect(await pages(9)).to.deep.equal([[]]);
  });

  it('lists the threads of a user’s games among their own, once each, until they leave the game', async () => {
    const [gm, game] = [aUser(), aGame(null)];
    const [theirs, mine, own] = [
      aThread(gm.id, { gameId: game.id, createdAt: at(3) }),
      aThread(owner, { gameId: game.id, createdAt: at(2) }),
      aThread(owner, { createdAt: at(1) }),
    ];
    await stores().unitOfWork.run(async ({ users, games, memberships, threads }) => {
      await users.add(gm);
      await games.add(game);
      await memberships.add(aMembership(game.id, owner));
      for (const thread of [theirs, mine, own]) await threads.add(thread);
    });
    expect(await stores().threads.find(mine.id)).to.deep.equal(mine);
    expect(await pages(2)).to.deep.equal([[theirs.id, mine.id], [own.id]]);
    expect(await pages(9, 'crypt')).to.deep.equal([[theirs.id, mine.id, own.id]]);
    await stores().unitOfWork.run(({ memberships }) => memberships.remove(game.id, owner));
    expect(await pages(9)).to.deep.equal([[mine.id, own.id]]);
  });

  it('lists the threads of one game, or of the archive, or neither, and all of it together', async () => {
    const [mine, other] = [aGame(null), aGame(null)];
    const threads = [
      aThread(owner, { title: 'Crypt', gameId: mine.id, createdAt: at(4) }),
      aThread(owner, { title: 'Crypt', gameId: mine.id, archived: true, createdAt: at(3) }),
      aThread(owner, { title: 'Feast', gameId: other.id, archived: true, createdAt: at(2) }),
      aThread(owner, { title: 'Crypt', createdAt: at(1) }),
    ];
    await stores().unitOfWork.run(async ({ games }) => {
      for (const game of [mine, other]) await games.add(game);
    });
    await add(...threads);
    const found = async (filter: Omit<ThreadFilter, 'workspaceId'>) => {
      const { items } = await stores().threads.listByUser(owner, { workspaceId: HOME_ID, limit: 9, ...filter });
      return items.map(({ id }) => threads.findIndex((thread) => thread.id === id));
    };
    expect(await found({})).to.deep.equal([0, 1, 2, 3]);
    expect(await found({ gameId: mine.id })).to.deep.equal([0, 1]);
    expect(await found({ gameId: aGame(null).id })).to.deep.equal([]);
    expect(await found({ archived: true })).to.deep.equal([1, 2]);
    expect(await found({ archived: false })).to.deep.equal([0, 3]);
    expect(await found({ gameId: mine.id, archived: true, query: 'CRYPT' })).to.deep.equal([1]);
    expect(await found({ query: 'crypt', archived: false })).to.deep.equal([0, 3]);
  });

  it('searches titles case-insensitively in any alphabet, and treats no character as a wildcard', async () => {
    const [crypt, feast, untitled] = [
      aThread(owner, { title: 'Die ÄRZTE der 100%_Gruft' }),
      aThread(owner, { title: 'The feast' }),
      aThread(owner, { title: null }),
    ];
    await add(crypt, feast, untitled);
    expect(await pages(9, 'ärzte')).to.deep.equal([[crypt.id]]);
    expect(await pages(9, '0%_g')).to.deep.equal([[crypt.id]]);
    expect(await pages(9, '%')).to.deep.equal([[crypt.id]]);
    expect(await pages(9, 'FEAST')).to.deep.equal([[feast.id]]);
    expect(await pages(9, 'dragon')).to.deep.equal([[]]);
    expect((await pages(9, '')).flat()).to.have.members([crypt.id, feast.id, untitled.id]);
  });
});
