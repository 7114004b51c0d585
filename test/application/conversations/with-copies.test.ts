/** Windows read through copies are the windows that the store would have read whole. */
import { expect } from 'chai';
import fc from 'fast-check';
import { EmbeddedContexts } from '#adapters/embedded/contexts.ts';
import { withCopies } from '#application/conversations/context/with-copies.ts';
import type { Contexts, Conversations, WindowCopy } from '#application/conversations/ports.ts';
import type { StoredEntry } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import { type Entry, verbatim } from '#domain/conversations/window.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aMessage, aRevision, at } from '../../support/builders/records.ts';
import {
  anAppendChange,
  anAppendGuard,
  aPinChange,
  aRevisionChange,
  aThreadOf,
} from '../../support/builders/window-changes.ts';

type Step =
  | 'append'
  | 'pinned append'
  | 'compacting append'
  | 'revise'
  | 'late revise'
  | 'undo'
  | 'late undo'
  | 'pin'
  | 'unpin'
  | 'read'
  | 'lose the copy';
const STEPS: readonly Step[] = [
  'append',
  'append',
  'read',
  'pinned append',
  'compacting append',
  'revise',
  'late revise',
  'undo',
  'late undo',
  'pin',
  'unpin',
  'lose the copy',
];

contract('Conversations with copies of windows', ON_RECORD_STORES, recordStores, (stores) => {
  let thread: Thread;
  let contexts: Contexts;
  let read: (WindowCopy | undefined)[];
  let copied: Conversations;
  let whole: Conversations['snapshot'];

  beforeEach(async () => {
    ({ thread } = await aThreadOf(stores(), 3));
    contexts = new EmbeddedContexts({ clock: { now: () => at(0) }, ttlMs: 60_000 });
    read = [];
    const { conversations } = stores();
    const snapshot = conversations.snapshot.bind(conversations);
    whole = snapshot;
    conversations.snapshot = (id, copy) => {
      read.push(copy);
      return snapshot(id, copy);
    };
    copied = withCopies({ conversations, contexts });
  });

  const stored = async () => {
    const found = await whole(thread.id);
    if (found === undefined) throw new Error('The thread is gone.');
    return found;
  };
  const append = async () => {
    const { version } = (await stored()).thread;
    return copied.append(aMessage(thread.id), { ...anAppendGuard, ifVersion: version }, null);
  };

  /** The two oldest entries as one summary, in a window and as a revision stores it. */
  function summarised(entries: readonly Entry[]): readonly Entry[] {
    const [first, second, ...rest] = entries;
    if (first === undefined || second === undefined) return entries;
    const { fromSeq } = first;
    return [
      { ...first, kind: 'summary', fromSeq, toSeq: second.toSeq, size: 9, pinned: first.pinned || second.pinned },
      ...rest,
    ];
  }
  const asStored = (entry: Entry): StoredEntry =>
    entry.kind === 'message'
      ? { kind: 'messages', fromSeq: entry.fromSeq, toSeq: entry.toSeq }
      : { ...entry, pinned: false };

  async function change(kind: 'append' | 'revise', { compacting = true, late = false, pinned = false } = {}) {
    const { thread: now, entries } = await stored();
    const after = compacting ? summarised(entries) : entries;
    const revision = aRevision({
      id: now.revision + 1,
      parentId: now.revision,
      uptoSeq: now.lastSeq,
      entries: after.map(asStored),
    });
    if (late) await append();
    const common = { ifVersion: now.version, revision: compacting ? revision : null, lastSeq: now.lastSeq };
    const message = aMessage(thread.id);
    if (kind === 'revise') return copied.commit(aRevisionChange(thread.id, { ...common, revision, entries: after }));
    const added = verbatim(message, now.lastSeq + 1, pinned);
    return copied.commit(
      anAppendChange(thread.id, {
        ...common,
        ifLastSeq: now.lastSeq,
        message,
        pinned,
        entries: [...after, added],
        lastSeq: now.lastSeq + 1,
      }),
    );
  }

  /** To the window before the head revision, as an undo does: its revision accounts for less than the window has. */
  async function undo({ late = false } = {}) {
    const { thread: now } = await stored();
    const parentId = Math.max(0, now.revision - 1);
    const parent = await copied.revision(thread.id, parentId);
    const restored = await copied.windowAt(thread.id, parentId, now.lastSeq);
    const revision = aRevision({
      ...parent,
      id: now.revision + 1,
      madeBy: 'undo',
      uptoSeq: parent?.uptoSeq ?? 0,
      entries: parent?.entries ?? [],
    });
    if (late) await append();
    const { version: ifVersion, lastSeq } = now;
    const { entries } = restored!;
    return copied.commit(aRevisionChange(thread.id, { ifVersion, lastSeq, revision, entries }));
  }

  async function pin(pinned: boolean) {
    const { thread: now, entries } = await stored();
    const at = entries.findLastIndex(({ kind }) => kind === 'message');
    if (at === -1) return;
    const { fromSeq: seq } = entries[at]!;
    const { version: ifVersion, lastSeq } = now;
    const changed = entries.with(at, { ...entries[at]!, pinned });
    await copied.commit(aPinChange(thread.id, { ifVersion, lastSeq, seq, pinned, entries: changed }));
  }

  const act: Readonly<Record<Step, () => Promise<unknown>>> = {
    append,
    'pinned append': () => change('append', { compacting: false, pinned: true }),
    'compacting append': () => change('append'),
    revise: () => change('revise'),
    'late revise': () => change('revise', { late: true }),
    undo: () => undo(),
    'late undo': () => undo({ late: true }),
    pin: () => pin(true),
    unpin: () => pin(false),
    read: () => copied.snapshot(thread.id),
    'lose the copy': () => contexts.removeByOwner(thread.ownerId),
  };

  it('gives the same window after any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { minLength: 1, maxLength: 12 }), async (steps) => {
        ({ thread } = await aThreadOf(stores(), 3));
        for (const step of steps) {
          await act[step]();
          expect(await copied.snapshot(thread.id), steps.join(', ')).to.deep.equal(await stored());
        }
      }),
      { numRuns: 25 },
    );
  });

  it('reads what came after the copy, and everything only where there is none of this version', async () => {
    await copied.snapshot(thread.id);
    await append();
    await copied.snapshot(thread.id);
    await change('append');
    await copied.snapshot(thread.id);
    await stores().conversations.commit(aRevisionChange(thread.id, { ifVersion: 2, revision: aRevision({ id: 2 }) }));
    await copied.snapshot(thread.id);
    await copied.snapshot(thread.id);
    expect(read.map((copy) => copy && [copy.version, copy.lastSeq])).to.deep.equal([
      undefined,
      [1, 3],
      [2, 5],
      [2, 5],
      [3, 5],
    ]);
  });

  it('copies nothing of a change that came too late, nor of a thread that is not there', async () => {
    expect(await copied.commit(aRevisionChange(thread.id, { ifVersion: 9, revision: aRevision() }))).to.equal(
      undefined,
    );
    expect(await contexts.find(thread.id)).to.equal(undefined);
    await copied.snapshot('thr_nobody' as Thread['id']);
    expect(await contexts.find('thr_nobody' as Thread['id'])).to.equal(undefined);
  });
});
