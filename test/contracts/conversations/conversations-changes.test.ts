/** What every store of conversations promises about each kind of change of a window. */
import { expect } from 'chai';
import type { AppendChange, RevisionChange, WindowChange } from '#application/conversations/ports.ts';
import type { Revision, StoredEntry } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { restoredBy } from '#domain/conversations/undo.ts';
import { type Entry, verbatim } from '#domain/conversations/window.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aMessage, aRevision, aThread, at } from '../../support/builders/records.ts';
import { anAppendChange, anAppendGuard, aRevisionChange, aThreadOf } from '../../support/builders/window-changes.ts';
import { outline } from '../../support/builders/windows.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('Conversations: changes of windows', ON_RECORD_STORES, recordStores, (stores) => {
  let thread: Thread;

  beforeEach(async () => {
    ({ thread } = await aThreadOf(stores(), 7));
  });

  const commit = (change: WindowChange) => stores().conversations.commit(change);
  const append = (fields: Partial<AppendChange> = {}) =>
    anAppendChange(thread.id, { ifLastSeq: 7, message: aMessage(thread.id), ...fields });
  const revise = (fields: Partial<RevisionChange> = {}) => aRevisionChange(thread.id, fields);
  const snapshot = async () => {
    const found = await stores().conversations.snapshot(thread.id);
    if (found === undefined) throw new Error('The thread is gone.');
    return found;
  };
  const addThread = async (fields: Partial<Thread>) => {
    const added = aThread(thread.ownerId, fields);
    await stores().unitOfWork.run(({ threads }) => threads.add(added));
    return added;
  };
  /** Messages 1 to `toSeq` as one summary. */
  const summaryOf = (toSeq: number): Entry => ({
    ...verbatim(aMessage(thread.id, { role: 'system', content: `They said ${toSeq} things.` }), 1, false),
    kind: 'summary',
    toSeq,
  });
  const compactionOf = (id: number, entries: readonly StoredEntry[], uptoSeq: number): Revision =>
    aRevision({ id, entries, uptoSeq, size: 20 });

  it('append: commits message, pin and revision together, and answers the thread after them', async () => {
    const before = (await snapshot()).thread;
    const message = aMessage(thread.id, { createdAt: at(50), size: 11 });
    const revision = compactionOf(1, [summaryOf(5)], 5);
    const after = await commit(append({ message, title: 'Unused', revision, sizeDelta: -9, entriesDelta: -2 }));
    expect(after).to.deep.equal({
      ...before,
      version: 2,
      lastSeq: 8,
      revision: 1,
      lastMessageAt: at(50),
      windowSize: before.windowSize - 9,
      windowEntries: before.windowEntries - 2,
    });
    const found = await snapshot();
    expect(found.thread).to.deep.equal(after);
    expect(found.entries.at(-1)).to.deep.equal(verbatim(message, 8, true));
    expect(await stores().conversations.message(thread.id, 8)).to.deep.equal({ ...message, seq: 8, pinned: true });
    expect(await stores().conversations.revision(thread.id, 1)).to.deep.equal(revision);
  });

  it('append: pins a message under the head revision that there is', async () => {
    await commit(revise({ revision: compactionOf(1, [summaryOf(5)], 5) }));
    const after = await commit(append({ ifVersion: 2 }));
    expect(after).to.include({ version: 3, lastSeq: 8, revision: 1 });
    const { entries } = await snapshot();
    expect(outline(entries)).to.deep.equal(['summary 1-5', 'message 6', 'message 7', 'message 8']);
    expect(outline(entries.filter((entry) => entry.pinned))).to.deep.equal(['message 8']);
  });

  it('append: pins nothing where a compaction makes room for an ordinary message', async () => {
    await commit(append({ pinned: false, revision: compactionOf(1, [summaryOf(7)], 7) }));
    const { entries } = await snapshot();
    expect(outline(entries)).to.deep.equal(['summary 1-7', 'message 8']);
    expect(entries.some((entry) => entry.pinned)).to.equal(false);
  });

  it('append: says who counted the message', async () => {
    const empty = await addThread({ estimator: 'o200k_base' });
    await commit(anAppendChange(empty.id, { estimator: 'o200k_base' }));
    expect((await stores().conversations.snapshot(empty.id))?.countedBy).to.deep.equal(['o200k_base']);
  });

  it('append: names a thread that has no title', async () => {
    const untitled = await addThread({ title: null });
    expect((await commit(anAppendChange(untitled.id, { title: 'Now named' })))?.title).to.equal('Now named');
  });

  it('append: adds no message to an archived thread', async () => {
    const archived = await addThread({ archived: true });
    expect(await commit(anAppendChange(archived.id))).to.equal(undefined);
    expect(await stores().conversations.message(archived.id, 1)).to.equal(undefined);
  });

  it('leaves nothing of a change that fails, whatever the kind', async () => {
    const before = await snapshot();
    const message = aMessage(thread.id, { role: 'dragon' as 'user' });
    const impossible = aRevision({ madeBy: 'dragon' as 'undo' });
    const failing = [
      append({ message, revision: aRevision() }),
      append({ revision: impossible }),
      append({ revision: aRevision(), sizeDelta: -1_000_000 }),
      revise({ revision: impossible }),
      revise({ entriesDelta: -1_000_000 }),
    ];
    for (const change of failing) await failureOf(commit(change));
    expect(await snapshot()).to.deep.equal(before);
    expect(await stores().conversations.messages(thread.id, { limit: 9 })).to.have.length(7);
    expect(await stores().conversations.revision(thread.id, 1)).to.equal(undefined);
  });

  it('revise: changes the window of a thread, and nothing else of it', async () => {
    const untitled = await addThread({ title: null, lastMessageAt: at(3) });
    const after = await commit(aRevisionChange(untitled.id, { sizeDelta: 5, entriesDelta: 1 }));
    const { windowSize } = untitled;
    expect(after).to.deep.equal({ ...untitled, version: 2, revision: 1, windowSize: windowSize + 5, windowEntries: 1 });
  });

  it('revise: changes nothing of an archived thread', async () => {
    const archived = await addThread({ archived: true });
    expect(await commit(aRevisionChange(archived.id))).to.equal(undefined);
    expect(await stores().threads.find(archived.id)).to.deep.equal(archived);
    expect(await stores().conversations.revision(archived.id, 1)).to.equal(undefined);
  });

  it('revise: keeps the window below its bound, with what came meanwhile', async () => {
    const { windowSize } = (await snapshot()).thread;
    const late = aMessage(thread.id, { size: 100 });
    await stores().conversations.append(late, anAppendGuard, null);
    const within = (sizeBelow: number) => commit(revise({ sizeDelta: 10, sizeBelow }));
    expect(await within(windowSize + 110)).to.equal(undefined);
    expect((await snapshot()).thread).to.include({ version: 1, windowSize: windowSize + 100 });
    expect(await within(windowSize + 111)).to.include({ version: 2, windowSize: windowSize + 110 });
  });

  it('revise: keeps messages that came meanwhile in the window', async () => {
    await stores().conversations.append(aMessage(thread.id), anAppendGuard, null);
    await commit(revise({ revision: compactionOf(1, [summaryOf(7)], 7) }));
    expect(outline((await snapshot()).entries)).to.deep.equal(['summary 1-7', 'message 8']);
  });

  it('revise: leads back to the window before a compaction, with what was said since', async () => {
    const [first, second] = [compactionOf(1, [summaryOf(5)], 5), compactionOf(2, [summaryOf(7)], 7)];
    const bare = await snapshot();
    await commit(revise({ revision: first, sizeDelta: -40, entriesDelta: -4 }));
    const once = await snapshot();
    await commit(revise({ ifVersion: 2, revision: second, sizeDelta: -6, entriesDelta: -2 }));
    const undo = (id: number, undone: Revision, parent: Revision | null) =>
      aRevision({ ...restoredBy(undone, parent), id, madeBy: 'undo' });
    await commit(revise({ ifVersion: 3, revision: undo(3, second, first), sizeDelta: 6, entriesDelta: 2 }));
    expect((await snapshot()).entries).to.deep.equal(once.entries);
    const late = aMessage(thread.id);
    await stores().conversations.append(late, { ...anAppendGuard, ifVersion: 4 }, null);
    await commit(revise({ ifVersion: 4, revision: undo(4, first, null), sizeDelta: 40, entriesDelta: 4 }));
    const { thread: after, entries } = await snapshot();
    expect(entries).to.deep.equal([...bare.entries, verbatim(late, 8, false)]);
    expect(after).to.include({ revision: 4, windowSize: bare.thread.windowSize + late.size, windowEntries: 8 });
  });

  it('raises the version, whatever the kind', async () => {
    expect((await commit(append()))?.version).to.equal(2);
    expect((await commit(append({ ifVersion: 2, ifLastSeq: 8, revision: aRevision() })))?.version).to.equal(3);
    expect((await commit(revise({ ifVersion: 3, revision: aRevision({ id: 2 }) })))?.version).to.equal(4);
  });

  it('changes nothing where it comes too late, whatever the kind', async () => {
    const before = await snapshot();
    const revision = aRevision({ entries: [summaryOf(5)] });
    const late = [
      append({ ifVersion: 2 }),
      append({ ifLastSeq: 6, revision }),
      append({ ifVersion: 0, revision }),
      revise({ ifVersion: 2, revision }),
      revise({ threadId: aThread(thread.ownerId).id, revision }),
    ];
    for (const change of late) expect(await commit({ ...change, sizeDelta: 5 })).to.equal(undefined);
    expect(await snapshot()).to.deep.equal(before);
    expect(await stores().conversations.revision(thread.id, 1)).to.equal(undefined);
    expect(await stores().conversations.events(thread.id, { limit: 9 })).to.deep.equal([]);
  });

  for (const [kind, change] of Object.entries({ append: () => append({ revision: aRevision() }), revise })) {
    it(`${kind}: lets one of two racing changes commit, and no append of the older version after it`, async () => {
      const [first, second, plain] = await Promise.all([
        commit(change()),
        commit(change()),
        stores().conversations.append(aMessage(thread.id), anAppendGuard, null),
      ]);
      expect([first?.version, second, plain]).to.deep.equal([2, undefined, undefined]);
    });
  }
});
