/** Undoing compactions: exactly, one after the other, and only what is the latest. */
import { expect } from 'chai';
import { type ContextEvent, type Revision, restore, storedEntries } from '#domain/conversations/revision.ts';
import { checkFits, checkUndoable, restoredBy, undoableAmong } from '#domain/conversations/undo.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { type Entry, verbatim, type Window, windowOf } from '#domain/conversations/window.ts';
import { conversationWith, defaultPolicy, draftOf, policyOf, said } from '../../support/builders/appending.ts';
import { type Line, playTranscripts, transcriptsInUse } from '../../support/builders/transcripts.ts';

const policy = policyOf({ maxTokens: 800 });

/** A thread as a store keeps it: its messages, its revisions, and the events that they tell. */
type Thread = { readonly lines: Line[]; readonly revisions: Revision[] };

function windowNow({ lines, revisions }: Thread): Window {
  const head = revisions.at(-1);
  const messageAt = (seq: number) => verbatim(draftOf(lines[seq - 1]!, charsDiv4), seq, false);
  const later = lines.slice(head?.uptoSeq ?? 0).map((_, i) => messageAt((head?.uptoSeq ?? 0) + i + 1));
  return windowOf(null, 0, [...restore(head?.entries ?? [], messageAt), ...later]);
}

function eventOf(id: number, kind: ContextEvent['kind']): ContextEvent {
  const zero = { beforeTokens: 0, afterTokens: 0, beforeMessages: 0, afterMessages: 0, summariesAdded: 0 };
  return { id, kind, trigger: 'auto', ...zero, strategiesUsed: [], at: new Date(0) };
}

/** Appends what the transcript says until `compactions` more happened; answers the windows just before each. */
function talk(thread: Thread, source: readonly Line[], compactions: number): readonly Window[] {
  const before: Window[] = [];
  while (before.length < compactions) {
    const conversation = conversationWith(policy);
    Object.assign(conversation, { window: windowNow(thread), lastSeq: thread.lines.length });
    const line = source[thread.lines.length]!;
    const { after, compacted } = conversation.append(line);
    if (compacted !== null) {
      before.push(windowNow(thread));
      const id = thread.revisions.length + 1;
      const entries = storedEntries(after.entries.slice(0, -1));
      const size = after.size - after.entries.at(-1)!.size;
      const common = { parentId: id - 1, uptoSeq: thread.lines.length, entries, size, estimator: charsDiv4.name };
      thread.revisions.push({ id, ...common, madeBy: 'compaction', event: eventOf(id, 'compacted') });
    }
    thread.lines.push(line);
  }
  return before;
}

function newestFirst({ revisions }: Thread): readonly ContextEvent[] {
  return revisions.map((revision) => revision.event).toReversed();
}

function undo(thread: Thread): void {
  const undone = undoableAmong(newestFirst(thread))!;
  const revision = thread.revisions[undone.id - 1]!;
  const id = thread.revisions.length + 1;
  const restored = restoredBy(revision, thread.revisions[revision.parentId - 1] ?? null);
  thread.revisions.push({ id, ...restored, madeBy: 'undo', event: eventOf(id, 'undone') });
}

function without(window: Window, later: number, lastSeq: number): readonly Entry[] {
  return window.entries.filter((entry) => entry.fromSeq <= lastSeq - later);
}

describe('Undoing a compaction', () => {
  const source = playTranscripts()[0]!.lines.filter((line) => line.content.length < 300);

  it(`P5 undo is exact: less what was said since, the window is the one before, byte for byte (${transcriptsInUse})`, () => {
    const thread: Thread = { lines: [], revisions: [] };
    const before = talk(thread, source, 3);
    const saidAt = thread.revisions.map((revision) => revision.uptoSeq);
    for (let i = before.length - 1; i >= 0; i--) {
      undo(thread);
      const now = without(windowNow(thread), thread.lines.length - saidAt[i]!, thread.lines.length);
      expect(JSON.stringify(now)).to.equal(JSON.stringify(before[i]!.entries));
    }
    expect(undoableAmong(newestFirst(thread))).to.equal(undefined);
  });

  it('leads back to the bare transcript before the first compaction', () => {
    const thread: Thread = { lines: [], revisions: [] };
    talk(thread, source, 1);
    undo(thread);
    expect(windowNow(thread).entries.every((entry) => entry.kind === 'message')).to.equal(true);
    expect(thread.revisions[1]).to.deep.include({ parentId: 0, uptoSeq: 0, entries: [], size: 0 });
  });

  it('can go on compacting after an undo, and undo that one too', () => {
    const thread: Thread = { lines: [], revisions: [] };
    talk(thread, source, 2);
    undo(thread);
    const [before] = talk(thread, source, 1);
    const saidAt = thread.lines.length - 1;
    undo(thread);
    expect(without(windowNow(thread), 1, saidAt + 1)).to.deep.equal(before!.entries);
    expect(undoableAmong(newestFirst(thread))?.id).to.equal(1);
  });

  it('undoes the latest compaction that still stands, and no other', () => {
    const events = [
      eventOf(5, 'refined'),
      eventOf(4, 'compacted'),
      eventOf(3, 'undone'),
      eventOf(2, 'compacted'),
      eventOf(1, 'compacted'),
    ];
    expect(undoableAmong(events)?.id).to.equal(4);
    expect(undoableAmong(events.slice(2))?.id).to.equal(1);
    expect(undoableAmong([eventOf(2, 'undone'), eventOf(1, 'compacted')])).to.equal(undefined);
    expect(() => checkUndoable(4, events)).not.to.throw();
    for (const id of [1, 2, 3, 5, 9])
      expect(() => checkUndoable(id, events))
        .to.throw()
        .with.property('code', 'not_latest');
  });

  it('is refused where the window would not fit into its budget', () => {
    const full = windowOf(null, 16_000 * 4, []);
    expect(() => checkFits(full, defaultPolicy, charsDiv4)).not.to.throw();
    const over = windowOf(null, 16_200 * 4, []);
    expect(() => checkFits(over, defaultPolicy, charsDiv4))
      .to.throw()
      .with.property('code', 'over_budget');
  });
});

describe('What a revision keeps of a window', () => {
  it('is runs of verbatim messages and all other entries, and gives the same entries back', () => {
    const conversation = conversationWith(policy);
    for (let i = 0; i < 300; i++)
      conversation.append(said(`Room ${i} is dark. Nobody has been here for ${i} years.`), i === 3);
    const { entries } = conversation.window;
    const kept = storedEntries(entries);
    expect(kept.length).to.be.below(entries.length);
    const bySeq = new Map(entries.map((entry) => [entry.fromSeq, entry]));
    expect(restore(kept, (seq) => bySeq.get(seq)!)).to.deep.equal(entries);
    expect(kept.some((entry) => entry.kind === 'messages' && entry.fromSeq === 4 && entry.toSeq === 4)).to.equal(true);
  });
});
