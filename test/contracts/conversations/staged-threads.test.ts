/** What every store promises about threads that are being imported: seen by nobody until they are whole. */
import { expect } from 'chai';
import type { StagedPage } from '#application/conversations/imports/staged-threads.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aMessage, aRevision, aThread, at, aUser } from '../../support/builders/records.ts';

/** Until when each is staged here. */
const END = at(100);

contract('Staged threads', ON_RECORD_STORES, recordStores, (stores) => {
  let staged: Thread;

  beforeEach(async () => {
    const owner = aUser();
    staged = aThread(owner.id, { version: 0, title: null });
    await stores().unitOfWork.run(({ users }) => users.add(owner));
    await stores().unitOfWork.run(({ stagedThreads }) => stagedThreads.add(staged, END));
  });

  const pageAfter = (from: number, count: number, fields: Partial<StagedPage> = {}): StagedPage => ({
    thread: {
      ...staged,
      title: 'Named by what was said',
      version: 1,
      lastSeq: from + count,
      lastMessageAt: at(7),
      windowSize: 40,
      windowEntries: 3,
    },
    messages: Array.from({ length: count }, (_, i) =>
      aMessage(staged.id, {
        content: `${from + i + 1}: "quoted" \\ 🐉\n\u0001`,
        name: i === 0 ? 'Mira' : null,
        authorId: i === 0 ? staged.ownerId : null,
        role: i === 1 ? 'assistant' : 'user',
        toolCalls: i === 1 ? [{ id: 'c1', name: 'roll', arguments: '{"dice": "2d6"}' }] : null,
        toolCallId: i === 2 ? 'c1' : null,
        metadata: { source: { nested: [null, 1.5] } },
        createdAt: at(from + i),
      }),
    ),
    pinned: [],
    revision: null,
    ...fields,
  });
  const add = (page: StagedPage, until = END) =>
    stores().unitOfWork.run(({ stagedThreads }) => stagedThreads.addPage(page, until));
  const reveal = (thread: Thread) => stores().unitOfWork.run(({ stagedThreads }) => stagedThreads.reveal(thread));
  const discard = () => stores().unitOfWork.run(({ stagedThreads }) => stagedThreads.discard(staged.id, at(5)));
  const deletedAt = (seconds: number) => stores().reads.deletedThreads.find(at(seconds));
  const purge = (seconds: number) =>
    stores().unitOfWork.run(({ deletedThreads }) => deletedThreads.purgePage(staged.id, at(seconds)));
  const said = () => stores().conversations.messages(staged.id, { after: 0, limit: 50 });

  it('are found, listed and counted nowhere before they are revealed, and everywhere afterwards', async () => {
    await add(pageAfter(0, 3));
    const counted = () => stores().reads.statistics.count();
    const listed = async () =>
      (await stores().threads.listByUser(staged.ownerId, { workspaceId: HOME_ID, limit: 9 })).items.map(({ id }) => id);
    expect(await stores().threads.find(staged.id)).to.equal(undefined);
    expect(await stores().conversations.snapshot(staged.id)).to.equal(undefined);
    expect([await listed(), await counted()]).to.deep.include([]);
    expect(await counted()).to.include({ threads: 0, messages: 0 });
    const whole = pageAfter(0, 3).thread;
    expect(await reveal(whole)).to.equal(true);
    expect(await stores().threads.find(staged.id)).to.deep.equal(whole);
    expect(await listed()).to.deep.equal([staged.id]);
    expect(await counted()).to.include({ threads: 1, messages: 3 });
    expect(await stores().conversations.append(aMessage(staged.id), guardOf(whole), null)).to.include({ lastSeq: 4 });
  });

  it('have their pages word for word, with pins and revisions', async () => {
    const revision = aRevision({ uptoSeq: 3, entries: [{ kind: 'messages', fromSeq: 1, toSeq: 3 }], size: 9 });
    const first = pageAfter(0, 3, { pinned: [1, 3], revision });
    const [one, two] = [{ ...first, thread: { ...first.thread, revision: 1 } }, pageAfter(3, 2, { pinned: [5] })];
    expect(await add(one)).to.equal(true);
    const second = { ...two, thread: { ...two.thread, revision: 1 } };
    expect(await add(second)).to.equal(true);
    await reveal(second.thread);
    const expected = [...one.messages, ...second.messages].map((message, i) => ({
      ...message,
      seq: i + 1,
      pinned: [1, 3, 5].includes(i + 1),
    }));
    expect(await said()).to.deep.equal(expected);
    expect(await stores().conversations.revision(staged.id, 1)).to.deep.equal(revision);
    const { entries = [], countedBy } = (await stores().conversations.snapshot(staged.id)) ?? {};
    expect(entries.map(({ fromSeq, pinned }) => [fromSeq, pinned])).to.deep.equal(
      expected.map(({ seq, pinned }) => [seq, pinned]),
    );
    expect(countedBy).to.deep.equal(['chars_div_4']);
  });

  it('take no page that does not follow, and are not revealed as something else', async () => {
    await add(pageAfter(0, 3));
    for (const from of [0, 2, 4]) expect(await add(pageAfter(from, 1)), `after ${from}`).to.equal(false);
    expect(await reveal({ ...staged, lastSeq: 2 })).to.equal(false);
    expect(await reveal({ ...staged, lastSeq: 3 })).to.equal(true);
    expect(await reveal({ ...staged, lastSeq: 3 }), 'a second time').to.equal(false);
    expect(await add(pageAfter(3, 1)), 'once they are revealed').to.equal(false);
    expect(await said()).to.have.length(3);
  });

  it('count as deleted once their time is over, which each page prolongs', async () => {
    expect([await deletedAt(99), await deletedAt(100)]).to.deep.equal([undefined, staged.id]);
    await add(pageAfter(0, 3), at(200));
    expect([await deletedAt(199), await deletedAt(200)]).to.deep.equal([undefined, staged.id]);
    expect(await purge(199)).to.equal(true);
    expect(await said()).to.have.length(3);
    while (!(await purge(200)));
    expect(await said()).to.deep.equal([]);
    expect(await deletedAt(1_000)).to.equal(undefined);
  });

  it('are removed once they are discarded, and take nothing more of what is then missing', async () => {
    await add(pageAfter(0, 3));
    await discard();
    expect([await deletedAt(4), await deletedAt(5)]).to.include(staged.id);
    await purge(5);
    expect(await said()).to.deep.equal([]);
    expect(await add(pageAfter(3, 1))).to.equal(false);
    expect(await reveal({ ...staged, lastSeq: 3 })).to.equal(false);
  });

  it('are never removed once they are revealed, whoever had found them before', async () => {
    await add(pageAfter(0, 3), at(1));
    expect(await deletedAt(2)).to.equal(staged.id);
    await reveal({ ...staged, lastSeq: 3 });
    expect(await purge(2)).to.equal(true);
    await discard();
    expect(await deletedAt(1_000)).to.equal(undefined);
    expect(await said()).to.have.length(3);
  });

  it('are not revealed, and take no page, once their owner is gone', async () => {
    await add(pageAfter(0, 3));
    await stores().unitOfWork.run(({ users }) => users.remove(staged.ownerId));
    expect(await add(pageAfter(3, 1))).to.equal(false);
    expect(await reveal({ ...staged, lastSeq: 3 })).to.equal(false);
    while (!(await purge(100)));
    expect(await said()).to.deep.equal([]);
  });

  it('have nothing of a page whose unit of work fails', async () => {
    const failing = stores().unitOfWork.run(async ({ stagedThreads }) => {
      await stagedThreads.reveal(staged);
      throw new Error('No.');
    });
    await failing.catch(() => {});
    expect(await stores().threads.find(staged.id)).to.equal(undefined);
    expect(await add(pageAfter(0, 1))).to.equal(true);
  });
});

function guardOf({ version: ifVersion, estimator }: Thread) {
  return { ifVersion, estimator, sizeBelow: 1e9, maxEntries: 1e9 };
}
