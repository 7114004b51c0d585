/** What every store promises to appends that arrive together: each of them ends as if it had come alone. */
import { expect } from 'chai';
import type { AppendGuard } from '#application/conversations/ports.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, aMembership, aMessage, aStoredResponse, aThread, at, aUser } from '../../support/builders/records.ts';
import { anAppendGuard } from '../../support/builders/window-changes.ts';

contract('Conversations: parallel appends', ON_RECORD_STORES, recordStores, (stores) => {
  const [owner, member] = [aUser(), aUser()];
  let thread: Thread;

  const aMessageOf = (fields: Partial<MessageDraft> = {}) => aMessage(thread.id, { authorId: owner.id, ...fields });
  const append = (message: MessageDraft, changed: Partial<AppendGuard> = {}, title: string | null = null) =>
    stores().conversations.append(message, { ...anAppendGuard, ...changed }, title);
  const said = async () =>
    (await stores().conversations.messages(thread.id, { limit: 100 })).map(({ seq, content }) => [seq, content]);

  beforeEach(async () => {
    const game = aGame(null);
    thread = aThread(owner.id, { title: null, gameId: game.id, windowSize: 5 });
    await stores().unitOfWork.run(async ({ users, games, memberships, threads }) => {
      await users.add(owner);
      await users.add(member);
      await games.add(game);
      await memberships.add(aMembership(game.id, member.id));
      await threads.add(thread);
    });
  });

  it('answers each with the thread as it is after it, and stores what the last one leaves', async () => {
    const messages = Array.from({ length: 12 }, (_, i) => aMessageOf({ size: i, createdAt: at(20 - i) }));
    const answers = await Promise.all(messages.map((message, i) => append(message, {}, i < 2 ? null : `Title ${i}`)));
    const given = messages.map((message, i) => ({ message, after: answers[i]!, title: i < 2 ? null : `Title ${i}` }));
    const inOrder = given.toSorted((a, b) => a.after.lastSeq - b.after.lastSeq);
    let expected = thread;
    for (const { message, after, title } of inOrder) {
      expected = {
        ...expected,
        title: expected.title ?? title,
        lastSeq: expected.lastSeq + 1,
        lastMessageAt: message.createdAt,
        windowSize: expected.windowSize + message.size,
        windowEntries: expected.windowEntries + 1,
      };
      expect(after).to.deep.equal(expected);
    }
    expect(await stores().threads.find(thread.id)).to.deep.equal(expected);
    expect((await stores().conversations.snapshot(thread.id))?.thread).to.deep.equal(expected);
  });

  it('refuses those that do not fit, and none that fits behind them', async () => {
    const sizes = [10, 1_000, 10, 31, 10, 2_000];
    const answers = await Promise.all(
      sizes.map((size) => append(aMessageOf({ size, content: `${size}` }), { sizeBelow: 5 + 31 })),
    );
    expect(answers.map((after) => after !== undefined)).to.deep.equal([true, false, true, false, true, false]);
    expect(await said()).to.deep.equal([1, 2, 3].map((seq) => [seq, '10']));
    expect((await stores().threads.find(thread.id))?.windowSize).to.equal(35);
  });

  it('refuses those whose own condition fails, and none beside them', async () => {
    const stranger = aUser();
    const by = (authorId: MessageDraft['authorId'], content: string) => aMessageOf({ authorId, content });
    const answers = await Promise.all([
      append(by(stranger.id, 'a stranger')),
      append(by(member.id, 'a member')),
      append(by(owner.id, 'too late'), { ifVersion: 2 }),
      append(by(owner.id, 'counted otherwise'), { estimator: 'o200k_base' }),
      append(by(owner.id, 'no entry left'), { maxEntries: 0 }),
      append(aMessage(aThread(owner.id).id)),
      append(by(owner.id, 'the owner')),
    ]);
    expect(answers.map((after) => after?.lastSeq)).to.deep.equal([
      undefined,
      1,
      undefined,
      undefined,
      undefined,
      undefined,
      2,
    ]);
    expect(await said()).to.deep.equal([
      [1, 'a member'],
      [2, 'the owner'],
    ]);
  });

  it('stores the response of each that has a key, and refuses only those whose key is taken', async () => {
    const once = (key: string) => (seq: number) => aStoredResponse({ key, answer: { seq } });
    const keyed = (key: string) =>
      stores().conversations.append(aMessageOf({ content: key }), anAppendGuard, null, once(key));
    await keyed('taken');
    const outcomes = await Promise.allSettled([keyed('a'), keyed('taken'), append(aMessageOf()), keyed('b')]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    const bySeq = await stores().conversations.messages(thread.id, { limit: 9 });
    expect(bySeq.map(({ seq }) => seq)).to.deep.equal([1, 2, 3, 4]);
    for (const key of ['taken', 'a', 'b']) {
      const stored = await stores().unitOfWork.run(({ idempotency }) => idempotency.find(key, at(1)));
      expect(bySeq[Number(stored?.answer.seq) - 1]?.content, key).to.equal(key);
    }
  });
});
