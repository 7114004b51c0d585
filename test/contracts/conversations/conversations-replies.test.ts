/** What every store of conversations promises about replies: the latest that has begun is appended, once, or none. */
import { expect } from 'chai';
import type { Reply } from '#application/conversations/ports.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ReplyId, ThreadId, UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, aMembership, aMessage, aThread, aUser, newId } from '../../support/builders/records.ts';
import { anAppendChange, anAppendGuard, aThreadOf } from '../../support/builders/window-changes.ts';

contract('Conversations: replies', ON_RECORD_STORES, recordStores, (stores) => {
  let thread: Thread;

  beforeEach(async () => {
    ({ thread } = await aThreadOf(stores(), 1));
  });

  const found = async () => (await stores().threads.find(thread.id)) as Thread;
  async function append(reply: Reply, pinned = false) {
    const { version, lastSeq } = await found();
    const message = aMessage(thread.id, { role: 'assistant', metadata: { reply_id: reply.id } });
    return stores().conversations.commit(
      anAppendChange(thread.id, { message, reply, pinned, ifVersion: version, ifLastSeq: lastSeq }),
    );
  }
  const replyBy = (askedBy: UserId = thread.ownerId): Reply => ({ id: newId('reply'), askedBy });
  const begin = (id: ReplyId, threadId: ThreadId = thread.id) => stores().conversations.beginReply(threadId, id);

  it('appends the reply that has begun, by nobody and unpinned, and no second time', async () => {
    const reply = replyBy();
    expect(await append(reply), 'not begun').to.equal(undefined);
    expect(await begin(reply.id)).to.equal(true);
    expect(await append(reply)).to.include({ lastSeq: 2 });
    expect(await stores().conversations.message(thread.id, 2)).to.deep.include({ authorId: null, pinned: false });
    expect(await append(reply), 'again').to.equal(undefined);
    expect((await found()).lastSeq).to.equal(2);
  });

  it('appends none that another has overtaken, or that was ended', async () => {
    const [stale, next] = [replyBy(), replyBy()];
    await begin(stale.id);
    await begin(next.id);
    expect(await append(stale)).to.equal(undefined);
    expect(await stores().conversations.endReply(thread.id, stale.id)).to.equal(false);
    expect(await stores().conversations.endReply(thread.id, next.id)).to.equal(true);
    expect(await append(next)).to.equal(undefined);
    expect(await stores().conversations.endReply(thread.id, next.id)).to.equal(false);
    expect((await found()).lastSeq).to.equal(1);
  });

  it('goes on while others append and pin', async () => {
    const reply = replyBy();
    await begin(reply.id);
    await stores().conversations.append(aMessage(thread.id), anAppendGuard, null);
    const { version, lastSeq } = await found();
    await stores().conversations.commit(anAppendChange(thread.id, { ifVersion: version, ifLastSeq: lastSeq }));
    expect(await append(reply)).to.include({ lastSeq: 4 });
  });

  it('lets one of many that begin at once be appended', async () => {
    const replies = Array.from({ length: 8 }, () => replyBy());
    await Promise.all(replies.map(({ id }) => begin(id)));
    let appended = 0;
    for (const reply of replies) if ((await append(reply)) !== undefined) appended += 1;
    expect(appended).to.equal(1);
    expect((await found()).lastSeq).to.equal(2);
  });

  it('begins none in a thread that is archived or that there is not', async () => {
    const archived = aThread(thread.ownerId, { archived: true });
    await stores().unitOfWork.run(({ threads }) => threads.add(archived));
    expect(await begin(newId('reply'), archived.id)).to.equal(false);
    expect(await begin(newId('reply'), newId('thread'))).to.equal(false);
    expect(await stores().conversations.endReply(newId('thread'), newId('reply'))).to.equal(false);
  });

  it('in a game appends what a member asked for, until they leave', async () => {
    const [player, game] = [aUser(), aGame(thread.ownerId)];
    const shared = aThread(thread.ownerId, { gameId: game.id });
    await stores().unitOfWork.run(async ({ users, games, memberships, threads }) => {
      await users.add(player);
      await games.add(game);
      await memberships.add(aMembership(game.id, player.id));
      await threads.add(shared);
    });
    thread = shared;
    const [first, second] = [replyBy(player.id), replyBy(player.id)];
    await begin(first.id);
    expect(await append(first)).to.include({ lastSeq: 1 });
    await begin(second.id);
    await stores().unitOfWork.run(({ memberships }) => memberships.remove(game.id, player.id));
    expect(await append(second)).to.equal(undefined);
  });
});
