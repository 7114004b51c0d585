/** What every store of conversations promises about windows. */
import { expect } from 'chai';
import type { RevisionChange } from '#application/conversations/ports.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { StoredEntry } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { type Entry, verbatim } from '#domain/conversations/window.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aMessage, aRevision, aThread, aUser } from '../../support/builders/records.ts';
import {
  anAppendChange,
  anAppendGuard,
  aPinChange,
  aRevisionChange,
  aThreadOf,
} from '../../support/builders/window-changes.ts';

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
  commonWords: '5:00crypt02',
};

contract('Conversations: windows', ON_RECORD_STORES, recordStores, (stores) => {
  let thread: Thread;
  let said: readonly MessageDraft[];

  beforeEach(async () => {
    ({ thread, said } = await aThreadOf(stores(), 7));
  });

  const revise = (fields: Partial<RevisionChange>) => stores().conversations.commit(aRevisionChange(thread.id, fields));
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

  it('consists of all messages verbatim before the first revision', async () => {
    const found = await snapshot();
    expect(found.thread).to.deep.equal(await stores().threads.find(thread.id));
    expect(found.entries).to.deep.equal([1, 2, 3, 4, 5, 6, 7].map((seq) => line(seq)));
    expect(found.countedBy).to.deep.equal(['chars_div_4']);
  });

  it('is empty and counted by no estimator for a thread without messages', async () => {
    const empty = aThread(thread.ownerId);
    await stores().unitOfWork.run(({ threads }) => threads.add(empty));
    expect(await stores().conversations.snapshot(empty.id)).to.deep.equal({
      thread: empty,
      entries: [],
      countedBy: [],
    });
    expect(await stores().conversations.snapshot(aThread(thread.ownerId).id)).to.equal(undefined);
  });

  it('consists of the head revision, with text from the transcript, and every later message', async () => {
    await revise({ revision: aRevision({ uptoSeq: 5, entries: kept, size: 60 }), sizeDelta: -20, entriesDelta: -3 });
    const found = await snapshot();
    expect(found.entries).to.deep.equal([summary, line(2), line(4), line(5), line(6), line(7)]);
    expect(found.thread.revision).to.equal(1);
  });

  it('may have nothing in it, which is no size and no entry', async () => {
    const { windowSize, windowEntries } = (await snapshot()).thread;
    const empty = { revision: aRevision({ uptoSeq: 7, entries: [], size: 0 }), sizeDelta: -windowSize };
    const after = await revise({ ...empty, entriesDelta: -windowEntries });
    expect(after).to.include({ windowSize: 0, windowEntries: 0 });
    const found = await snapshot();
    expect(found.entries).to.deep.equal([]);
    expect(found.thread).to.include({ windowSize: 0, windowEntries: 0 });
  });

  it('shows as pinned what stands for a pinned message, in whatever form, and nothing else', async () => {
    const commit = (ifVersion: number, seq: number, pinned: boolean) =>
      stores().conversations.commit(
        anAppendChange(thread.id, { ifVersion, ifLastSeq: seq - 1, pinned, message: aMessage(thread.id) }),
      );
    await commit(1, 8, true);
    await commit(2, 9, false);
    await commit(3, 10, true);
    const form = (seq: number, kind: Entry['kind']): Entry => ({ ...line(1), kind, fromSeq: seq, toSeq: seq });
    const head: StoredEntry[] = [
      { ...form(1, 'folded'), toSeq: 7 },
      form(8, 'stubbed'),
      form(9, 'condensed'),
      form(10, 'condensed'),
    ];
    await revise({ ifVersion: 4, revision: aRevision({ uptoSeq: 10, entries: head }) });
    expect((await snapshot()).entries.map(({ pinned }) => pinned)).to.deep.equal([false, true, false, true]);
  });

  it('lists the estimators that counted its sizes, each once', async () => {
    const revision = aRevision({ uptoSeq: 5, entries: kept, estimator: 'o200k_base' });
    await revise({ revision });
    expect((await snapshot()).countedBy).to.have.members(['chars_div_4', 'o200k_base']);
    expect((await snapshot()).countedBy).to.have.length(2);
  });

  it('keeps messages that came meanwhile in the window, where a revision is made of an older one', async () => {
    const late = aMessage(thread.id, { content: 'Meanwhile' });
    await stores().conversations.append(late, anAppendGuard, null);
    await revise({ revision: aRevision({ uptoSeq: 7, entries: kept }) });
    expect((await snapshot()).entries.at(-1)).to.deep.equal(verbatim(late, 8, false));
  });

  it('lists events newest first, also after or before a given one', async () => {
    for (let id = 1; id <= 4; id++) await revise({ ifVersion: id, revision: aRevision({ id, entries: kept }) });
    const ids = async (range: { limit: number; after?: number; before?: number }) =>
      (await stores().conversations.events(thread.id, range)).map((event) => event.id);
    expect(await ids({ limit: 9 })).to.deep.equal([4, 3, 2, 1]);
    expect(await ids({ limit: 2 })).to.deep.equal([4, 3]);
    expect(await ids({ limit: 9, after: 2 })).to.deep.equal([4, 3]);
    expect(await ids({ limit: 2, before: 4 })).to.deep.equal([3, 2]);
    expect((await stores().conversations.events(thread.id, { limit: 1 }))[0]).to.deep.equal(aRevision({ id: 4 }).event);
  });

  it('tells who compacted by hand, until that user is deleted', async () => {
    const [keeper, other] = [aUser(), aUser()];
    await stores().unitOfWork.run(async ({ users }) => {
      for (const user of [keeper, other]) await users.add(user);
    });
    const byHand = (id: number, by: UserId) =>
      aRevision({ id, event: { ...aRevision({ id }).event, trigger: 'manual', by } });
    const revisions = [byHand(1, keeper.id), byHand(2, other.id), aRevision({ id: 3 })];
    for (const [i, revision] of revisions.entries())
      expect(await revise({ ifVersion: i + 1, revision })).to.include({});
    const told = async () => (await stores().conversations.events(thread.id, { limit: 9 })).map(({ by }) => by);
    expect(await told()).to.deep.equal([null, other.id, keeper.id]);
    expect(await stores().conversations.revision(thread.id, 1)).to.deep.equal(revisions[0]);
    await stores().unitOfWork.run(({ users }) => users.remove(keeper.id));
    expect(await told()).to.deep.equal([null, other.id, null]);
    const found = await stores().conversations.revision(thread.id, 1);
    expect(found).to.deep.equal({ ...revisions[0], event: { ...revisions[0]!.event, by: null } });
    expect(await revise({ ifVersion: 4, revision: byHand(4, keeper.id) })).to.include({ revision: 4 });
    expect(await told()).to.deep.equal([null, null, other.id, null]);
  });

  it('stores a recount only if neither version nor last seq has changed', async () => {
    const before = (await snapshot()).thread;
    const counted = { size: 19, estimator: 'o200k_base' } as const;
    const recount = (version: number, lastSeq: number) =>
      stores().conversations.recount(thread.id, { version, lastSeq }, counted);
    expect(await recount(2, 7)).to.equal(false);
    expect(await recount(1, 6)).to.equal(false);
    expect((await snapshot()).thread).to.deep.equal(before);
    expect(await recount(1, 7)).to.equal(true);
    expect((await snapshot()).thread).to.deep.equal({ ...before, windowSize: 19, estimator: 'o200k_base' });
    expect(await stores().conversations.append(aMessage(thread.id), anAppendGuard, null)).to.equal(undefined);
  });

  it('reads thread and entries consistently during concurrent appends', async () => {
    const appends = Array.from({ length: 60 }, async () => {
      await stores().conversations.append(aMessage(thread.id), anAppendGuard, null);
      return snapshot();
    });
    for (const found of await Promise.all(appends)) {
      expect(found.entries.map((entry) => entry.fromSeq)).to.deep.equal(
        Array.from({ length: found.thread.lastSeq }, (_, i) => i + 1),
      );
    }
  });

  it('returns copies of revisions, so that changing one does not change what is stored', async () => {
    const revision = aRevision({ uptoSeq: 5, entries: kept });
    await revise({ revision });
    const found = await stores().conversations.revision(thread.id, 1);
    (found as { entries: StoredEntry[] } | undefined)?.entries.pop();
    found?.event.at.setTime(0);
    ((await snapshot()).entries[0] as { seqs: number[] } | undefined)?.seqs.push(99);
    expect(await stores().conversations.revision(thread.id, 1)).to.deep.equal(revision);
    expect((await snapshot()).entries[0]).to.deep.equal(summary);
  });

  it('can be read as any revision makes it, as far as any message, with the pins of now', async () => {
    await revise({ revision: aRevision({ uptoSeq: 5, entries: kept, size: 60, estimator: 'o200k_base' }) });
    await revise({ ifVersion: 2, revision: aRevision({ id: 2, uptoSeq: 7, entries: [{ ...summary, toSeq: 7 }] }) });
    await stores().conversations.commit(aPinChange(thread.id, { ifVersion: 3, seq: 5 }));
    const windowAt = (revision: number, uptoSeq: number) =>
      stores().conversations.windowAt(thread.id, revision, uptoSeq);
    const [all, counted] = [[1, 2, 3, 4, 5, 6, 7], ['chars_div_4'] as const];
    expect(await windowAt(0, 7)).to.deep.equal({ entries: all.map((seq) => line(seq, seq === 5)), countedBy: counted });
    expect(await windowAt(0, 3)).to.deep.equal({ entries: [line(1), line(2), line(3)], countedBy: counted });
    expect(await windowAt(1, 6)).to.deep.equal({
      entries: [summary, line(2), line(4), line(5, true), line(6)],
      countedBy: ['o200k_base', 'chars_div_4'],
    });
    expect((await windowAt(2, 7))?.entries).to.deep.equal([{ ...summary, toSeq: 7, pinned: false }]);
    expect(await windowAt(3, 7)).to.equal(undefined);
  });
});
