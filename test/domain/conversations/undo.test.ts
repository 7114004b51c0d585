/** Undoing compactions: exactly, one after the other, and only what is the latest. */
import { expect } from 'chai';
import { checkFits } from '#domain/conversations/compaction/protection.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import { checkUndoable, restoredBy, undoableAmong } from '#domain/conversations/undo.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { type Entry, type Window, windowOf } from '#domain/conversations/window.ts';
import { type Conversation, conversationWith, defaultPolicy, policyOf } from '../../support/builders/appending.ts';
import { type Line, playTranscripts, transcriptsInUse } from '../../support/builders/transcripts.ts';

const policy = policyOf({ maxTokens: 800 });

function eventOf(id: number, kind: ContextEvent['kind']): ContextEvent {
  const zero = { beforeTokens: 0, afterTokens: 0, beforeMessages: 0, afterMessages: 0, summariesAdded: 0, by: null };
  return { id, kind, trigger: 'auto', ...zero, strategiesUsed: [], at: new Date(0) };
}

/** Appends what the transcript says until `compactions` more happened; answers the windows just before each. */
function talk(conversation: Conversation, source: readonly Line[], compactions: number): readonly Window[] {
  const before: Window[] = [];
  while (before.length < compactions) {
    const { window } = conversation;
    const { compacted } = conversation.append(source[conversation.lastSeq]!);
    if (compacted !== null) before.push(window);
  }
  return before;
}

function newestFirst({ revisions }: Conversation): readonly ContextEvent[] {
  return revisions.map((revision) => revision.event).toReversed();
}

function undo(conversation: Conversation): void {
  const { revisions } = conversation;
  const undone = revisions[undoableAmong(newestFirst(conversation))!.id - 1]!;
  const restored = restoredBy(undone, revisions[undone.parentId - 1] ?? null);
  const id = revisions.length + 1;
  conversation.commit({ id, ...restored, madeBy: 'undo', event: eventOf(id, 'undone') });
}

/** The entries that stand for what was said up to a message. */
function upTo(seq: number, { entries }: Window): readonly Entry[] {
  return entries.filter((entry) => entry.fromSeq <= seq);
}

describe('Undoing a compaction', () => {
  const source = playTranscripts()[0]!.lines.filter((line) => line.content.length < 300);

  it(`P5 undo is exact: restores the earlier window byte for byte, apart from later messages (${transcriptsInUse})`, () => {
    const conversation = conversationWith(policy);
    const before = talk(conversation, source, 3);
    const saidAt = conversation.revisions.map((revision) => revision.uptoSeq);
    expect(conversation.revisions.map(({ id, parentId }) => [id, parentId])).to.deep.equal([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    for (let i = before.length - 1; i >= 0; i--) {
      undo(conversation);
      const now = upTo(saidAt[i]!, conversation.window);
      expect(JSON.stringify(now)).to.equal(JSON.stringify(before[i]!.entries));
    }
    expect(undoableAmong(newestFirst(conversation))).to.equal(undefined);
  });

  it('restores entries, size and extent of the revision before, and what that one would have restored', () => {
    const conversation = conversationWith(policy);
    talk(conversation, source, 3);
    const [, second, third] = conversation.revisions;
    const { uptoSeq, entries, size, estimator } = second!;
    expect(restoredBy(third!, second!)).to.deep.equal({ parentId: 1, uptoSeq, entries, size, estimator });
    expect(restoredBy(third!, null)).to.deep.equal({ parentId: 0, uptoSeq: 0, entries: [], size: 0, estimator });
  });

  it('restores the verbatim transcript when the first compaction is undone', () => {
    const conversation = conversationWith(policy);
    talk(conversation, source, 1);
    undo(conversation);
    expect(conversation.window.entries.map((entry) => entry.kind)).to.deep.equal(
      source.slice(0, conversation.lastSeq).map(() => 'message'),
    );
    expect(conversation.revisions[1]).to.deep.include({ parentId: 0, uptoSeq: 0, entries: [], size: 0 });
  });

  it('allows another compaction after an undo, and undoes that one too', () => {
    const conversation = conversationWith(policy);
    talk(conversation, source, 2);
    undo(conversation);
    const [before] = talk(conversation, source, 1);
    undo(conversation);
    expect(upTo(conversation.lastSeq - 1, conversation.window)).to.deep.equal(before!.entries);
    expect(undoableAmong(newestFirst(conversation))?.id).to.equal(1);
  });

  it('is allowed only for the latest compaction that has not been undone', () => {
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

  it('is refused if the restored window would exceed its budget', () => {
    const full = windowOf(null, 16_000 * 4, []);
    expect(() => checkFits(full, defaultPolicy, charsDiv4)).not.to.throw();
    expect(() => checkFits(windowOf(null, 16_079 * 4, []), defaultPolicy, charsDiv4)).not.to.throw();
    const over = windowOf(null, 16_081 * 4, []);
    expect(() => checkFits(over, defaultPolicy, charsDiv4))
      .to.throw()
      .with.property('code', 'over_budget');
  });
});
