/** A window is put together in one way: of a revision, of the messages that it shows verbatim, and of the pins. */
import { expect } from 'chai';
import { type CountedEntry, composeWindow, verbatimRanges } from '#domain/conversations/compose-window.ts';
import { type StoredEntry, storedEntries } from '#domain/conversations/revision.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { type Entry, verbatim } from '#domain/conversations/window.ts';
import { draftOf, said } from '../../support/builders/appending.ts';
import { outline } from '../../support/builders/windows.ts';

const line = (seq: number): Entry => verbatim(draftOf(said(`Room ${seq} is dark.`), charsDiv4), seq, false);
const counted = (...seqs: readonly number[]): readonly CountedEntry[] =>
  seqs.map((seq) => ({ entry: line(seq), estimator: 'chars_div_4' }));
const summary: Entry = { ...line(1), kind: 'summary', content: 'They went down.', toSeq: 6, seqs: [1, 2, 5, 6] };
const entries: readonly StoredEntry[] = [
  summary,
  { kind: 'messages', fromSeq: 3, toSeq: 4 },
  { kind: 'messages', fromSeq: 7, toSeq: 7 },
];
const head = { uptoSeq: 7, entries, estimator: 'o200k_base' } as const;
const pinned = (pins: readonly number[]) =>
  composeWindow(head, counted(3, 4, 7, 8), new Set(pins)).entries.filter((entry) => entry.pinned);

describe('Composing a window', () => {
  it('takes all messages verbatim before the first revision', () => {
    expect(verbatimRanges(undefined, 3)).to.deep.equal([{ fromSeq: 1, toSeq: 3 }]);
    expect(composeWindow(undefined, counted(1, 2, 3), new Set()).entries).to.deep.equal([line(1), line(2), line(3)]);
  });

  it('needs no message where nothing was said', () => {
    expect(verbatimRanges(undefined, 0)).to.deep.equal([]);
    expect(composeWindow(undefined, [], new Set())).to.deep.equal({ entries: [], countedBy: [] });
  });

  it('asks for the runs of the revision and for what was said after it, and for nothing else', () => {
    const seqs = (lastSeq: number) => verbatimRanges(head, lastSeq).map(({ fromSeq, toSeq }) => [fromSeq, toSeq]);
    expect(seqs(9)).to.deep.equal([
      [3, 4],
      [7, 7],
      [8, 9],
    ]);
    expect(seqs(7)).to.deep.equal([
      [3, 4],
      [7, 7],
    ]);
  });

  it('orders entries by the first message that they stand for', () => {
    const composed = composeWindow(head, counted(3, 4, 7, 8), new Set());
    expect(outline(composed.entries)).to.deep.equal([
      'summary 1-6',
      'message 3',
      'message 4',
      'message 7',
      'message 8',
    ]);
  });

  it('names who counted, each once', () => {
    expect(composeWindow(head, counted(3, 4), new Set()).countedBy).to.deep.equal(['o200k_base', 'chars_div_4']);
    const runs = { ...head, entries: entries.slice(1) };
    expect(composeWindow(runs, counted(3, 4, 7), new Set()).countedBy).to.deep.equal(['chars_div_4']);
  });

  it('marks what stands for a pinned message, and nothing else, whatever was stored', () => {
    expect(outline(pinned([4, 8]))).to.deep.equal(['message 4', 'message 8']);
    expect(outline(pinned([5]))).to.deep.equal(['summary 1-6']);
    expect(pinned([9])).to.deep.equal([]);
    const marked = { ...head, entries: [{ ...summary, seqs: null, pinned: true }] };
    expect(composeWindow(marked, [], new Set()).entries[0]?.pinned).to.equal(false);
    expect(composeWindow(marked, [], new Set([7])).entries[0]?.pinned).to.equal(false);
    expect(composeWindow(marked, [], new Set([2])).entries[0]?.pinned).to.equal(true);
  });

  it('gives back what a revision stored, which is runs of verbatim messages and all other entries', () => {
    const window = composeWindow(head, counted(3, 4, 7), new Set([4])).entries;
    expect(storedEntries(window)).to.deep.equal(entries);
    const verbatimOnly = composeWindow(undefined, counted(1, 2, 3), new Set()).entries;
    expect(storedEntries(verbatimOnly)).to.deep.equal([{ kind: 'messages', fromSeq: 1, toSeq: 3 }]);
  });
});
