/** What every store of conversations promises about windows and their changes. */
import { expect } from 'chai';
import type { AppendGuard, WindowChange } from '#application/conversations/ports.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { StoredEntry } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { type Entry, verbatim } from '#domain/conversations/window.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aMessage, aRevision, aThread, at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

const guard: AppendGuard = { ifVersion: 1, sizeBelow: 100_000, maxEntries: 2_000, estimator: 'chars_div_4' };

const summary: Entry = {
  kind: 'summary',
  role: 'system',
  name: null,
  content: 'They entered the crypt. ⚔',
  toolCalls: null,
  toolCallId: null,
  fromSeq: 1,
  toSeq: 3,
  seqs: [1, 3],
  size: 24,
  pinned: false,
};

contract('Conversations: windows', ON_RECORD_STORES, recordStores, (stores) => {
  let thread: Thread;
  let said: MessageDraft[];

  /** A thread in which seven messages were said. */
  beforeEach(async () => {
    const owner = aUser();
    thread = aThread(owner.id);
    await stores().unitOfWork.run(async ({ users, threads }) => {
      await users.add(owner);
      await threads.add(thread);
    });
    said = Array.from({ length: 7 }, (_, i) => aMessage(thread.id, { content: `Line ${i + 1}`, name: 'Mira' }));
    for (const message of said) await stores().conversations.append(message, guard, null);
  });

  const change = (fields: Partial<WindowChange> = {}): WindowChange => ({
    threadId: thread.id,
    ifVersion: 1,
    ifLastSeq: null,
    message: null,
    pinned: false,
    title: null,
    revision: null,
    sizeDelta: 0,
    entriesDelta: 0,
    ...fields,
  });
  const commit = (fields: Partial<WindowChange>) => stores().conversations.commit(change(fields));
  const snapshot = async () => {
    const found = await stores().conversations.snapshot(thread.id);
    if (found === undefined) throw new Error('The thread is gone.');
    return found;
  };
  const line = (seq: number, pinned = false): Entry => verbatim(said[seq - 1] as MessageDraft, seq, pinned);
  const kept: StoredEntry[] = [
    summary,
    { kind: 'messages', fromSeq: 2, toSeq: 2 },
    { kind: 'messages', fromSeq: 4, toSeq: 5 },
  ];

  it('is all messages verbatim before the first revision', async () => {
    const found = await snapshot();
    expect(found.thread).to.deep.equal(await stores().threads.find(thread.id));
    expect(found.entries).to.deep.equal([1, 2, 3, 4, 5, 6, 7].map((seq) => line(seq)));
    expect(found.countedBy).to.deep.equal(['chars_div_4']);
  });

  it('is empty, and counted by nobody, where nothing was said', async () => {
    const empty = aThread(thread.ownerId);
    await stores().unitOfWork.run(({ threads }) => threads.add(empty));
    expect(await stores().conversations.snapshot(empty.id)).to.deep.equal({
      thread: empty,
      entries: [],
      countedBy: [],
    });
    expect(await stores().conversations.snapshot(aThread(thread.ownerId).id)).to.equal(undefined);
  });

  it('is the head revision, with the words of the transcript, and every later message', async () => {
    await commit({ revision: aRevision({ uptoSeq: 5, entries: kept, size: 60 }), sizeDelta: -20, entriesDelta: -3 });
    const found = await snapshot();
    expect(found.entries).to.deep.equal([summary, line(2), line(4), line(5), line(6), line(7)]);
    expect(found.thread.revision).to.equal(1);
  });

  it('says who counted the sizes, each once', async () => {
    const revision = aRevision({ uptoSeq: 5, entries: kept, estimator: 'o200k_base' });
    await commit({ revision });
    expect((await snapshot()).countedBy).to.have.members(['chars_div_4', 'o200k_base']);
    expect((await snapshot()).countedBy).to.have.length(2);
  });

  it('commits message, pin, title and revision together, and answers the thread after them', async () => {
    const untitled = { ...(await snapshot()).thread };
    const message = aMessage(thread.id, { createdAt: at(50), size: 11 });
    const revision = aRevision({ uptoSeq: 5, entries: kept, size: 60 });
    const after = await commit({
      message,
      pinned: true,
      title: 'Unused',
      revision,
      sizeDelta: -9,
      entriesDelta: -2,
      ifLastSeq: 7,
    });
    expect(after).to.deep.equal({
      ...untitled,
      version: 2,
      lastSeq: 8,
      revision: 1,
      lastMessageAt: at(50),
      windowSize: untitled.windowSize - 9,
      windowEntries: untitled.windowEntries - 2,
    });
    const found = await snapshot();
    expect(found.thread).to.deep.equal(after);
    expect(found.entries.at(-1)).to.deep.equal(verbatim(message, 8, true));
    expect(await stores().conversations.message(thread.id, 8)).to.deep.equal({ ...message, seq: 8, pinned: true });
    expect(await stores().conversations.revision(thread.id, 1)).to.deep.equal(revision);
  });

  it('names a thread that has no title', async () => {
    const untitled = aThread(thread.ownerId, { title: null });
    await stores().unitOfWork.run(({ threads }) => threads.add(untitled));
    const after = await commit({ threadId: untitled.id, message: aMessage(untitled.id), title: 'Now named' });
    expect(after?.title).to.equal('Now named');
  });

  it('changes nothing where it comes too late', async () => {
    const before = await snapshot();
    const late: Partial<WindowChange>[] = [{ ifVersion: 2 }, { ifLastSeq: 6 }, { ifVersion: 0, ifLastSeq: 7 }];
    for (const fields of late) {
      const change = { ...fields, message: aMessage(thread.id), revision: aRevision({ entries: kept }), sizeDelta: 5 };
      expect(await commit(change), JSON.stringify(fields)).to.equal(undefined);
    }
    expect(await snapshot()).to.deep.equal(before);
    expect(await stores().conversations.revision(thread.id, 1)).to.equal(undefined);
    expect(await stores().conversations.events(thread.id, { limit: 9 })).to.deep.equal([]);
  });

  it('keeps nothing of a change that fails', async () => {
    const before = await snapshot();
    await failureOf(commit({ message: aMessage(thread.id, { role: 'dragon' as 'user' }), revision: aRevision() }));
    expect(await snapshot()).to.deep.equal(before);
    expect(await stores().conversations.revision(thread.id, 1)).to.equal(undefined);
  });

  it('keeps messages that came meanwhile in the window, where the change allows it', async () => {
    const late = aMessage(thread.id, { content: 'Meanwhile' });
    await stores().conversations.append(late, guard, null);
    await commit({ revision: aRevision({ uptoSeq: 7, entries: kept }), ifLastSeq: null });
    expect((await snapshot()).entries.at(-1)).to.deep.equal(verbatim(late, 8, false));
  });

  it('lets one of two racing changes commit, and no append of the older version after it', async () => {
    const revision = aRevision({ uptoSeq: 5, entries: kept });
    const [first, second, append] = await Promise.all([
      commit({ revision }),
      commit({ revision }),
      stores().conversations.append(aMessage(thread.id), guard, null),
    ]);
    expect([first?.version, second, append]).to.deep.equal([2, undefined, undefined]);
  });

  it('appends no message to an archived thread, but changes its window', async () => {
    const archived = aThread(thread.ownerId, { archived: true });
    await stores().unitOfWork.run(({ threads }) => threads.add(archived));
    expect(await commit({ threadId: archived.id, message: aMessage(archived.id) })).to.equal(undefined);
    expect((await commit({ threadId: archived.id, revision: aRevision() }))?.revision).to.equal(1);
  });

  it('raises the version with every change', async () => {
    expect((await commit({}))?.version).to.equal(2);
    expect(await commit({})).to.equal(undefined);
    expect((await commit({ ifVersion: 2 }))?.version).to.equal(3);
  });

  it('lists events newest first, after one and before another', async () => {
    for (let id = 1; id <= 4; id++) await commit({ ifVersion: id, revision: aRevision({ id, entries: kept }) });
    const ids = async (range: { limit: number; after?: number; before?: number }) =>
      (await stores().conversations.events(thread.id, range)).map((event) => event.id);
    expect(await ids({ limit: 9 })).to.deep.equal([4, 3, 2, 1]);
    expect(await ids({ limit: 2 })).to.deep.equal([4, 3]);
    expect(await ids({ limit: 9, after: 2 })).to.deep.equal([4, 3]);
    expect(await ids({ limit: 2, before: 4 })).to.deep.equal([3, 2]);
    expect((await stores().conversations.events(thread.id, { limit: 1 }))[0]).to.deep.equal(aRevision({ id: 4 }).event);
  });

  it('sets the size of a window if nothing happened meanwhile', async () => {
    const before = (await snapshot()).thread;
    const counted = { size: 19, estimator: 'o200k_base' } as const;
    const recount = (version: number, lastSeq: number) =>
      stores().conversations.recount(thread.id, { version, lastSeq }, counted);
    expect(await recount(2, 7)).to.equal(false);
    expect(await recount(1, 6)).to.equal(false);
    expect((await snapshot()).thread).to.deep.equal(before);
    expect(await recount(1, 7)).to.equal(true);
    expect((await snapshot()).thread).to.deep.equal({ ...before, windowSize: 19, estimator: 'o200k_base' });
    expect(await stores().conversations.append(aMessage(thread.id), guard, null)).to.equal(undefined);
  });

  it('reads thread and entries at one moment, whatever is written meanwhile', async () => {
    const appends = Array.from({ length: 60 }, async () => {
      await stores().conversations.append(aMessage(thread.id), guard, null);
      return snapshot();
    });
    for (const found of await Promise.all(appends)) {
      expect(found.entries.map((entry) => entry.fromSeq)).to.deep.equal(
        Array.from({ length: found.thread.lastSeq }, (_, i) => i + 1),
      );
    }
  });

  it('hands out copies of revisions: changing one changes nothing stored', async () => {
    const revision = aRevision({ uptoSeq: 5, entries: kept });
    await commit({ revision });
    const found = await stores().conversations.revision(thread.id, 1);
    (found as { entries: StoredEntry[] } | undefined)?.entries.pop();
    found?.event.at.setTime(0);
    ((await snapshot()).entries[0] as { seqs: number[] } | undefined)?.seqs.push(99);
    expect(await stores().conversations.revision(thread.id, 1)).to.deep.equal(revision);
    expect((await snapshot()).entries[0]).to.deep.equal(summary);
  });
});
