/** How many messages a compaction gave another form. */
import { expect } from 'chai';
import { reshapedMessages } from '#domain/conversations/compaction/reshaped-messages.ts';
import type { Entry } from '#domain/conversations/window.ts';

describe('reshapedMessages', () => {
  const entry = (kind: Entry['kind'], fromSeq: number, toSeq = fromSeq, seqs: number[] | null = null) =>
    ({ kind, fromSeq, toSeq, seqs }) as Entry;
  const reshaped = (before: readonly Entry[], after: readonly Entry[]) =>
    reshapedMessages({ entries: before }, { entries: after });

  it('counts each message that stands in an entry of another kind than before', () => {
    const before = [1, 2, 3, 4, 5, 6, 7].map((seq) => entry('message', seq));
    const after = [entry('summary', 1, 3), entry('folded', 4, 6, [4, 6]), entry('condensed', 5), entry('stubbed', 7)];
    expect(reshaped(before, after)).to.deep.equal({ folded: 2, condensed: 1, stubbed: 1, summary: 3 });
  });

  it('counts nothing twice that an earlier compaction did', () => {
    const before = [entry('summary', 1, 10), entry('condensed', 11), entry('condensed', 12), entry('message', 13)];
    const after = [entry('summary', 1, 11), entry('condensed', 12), entry('condensed', 13)];
    expect(reshaped(before, after)).to.deep.equal({ folded: 0, condensed: 1, stubbed: 0, summary: 1 });
    expect(reshaped(after, after)).to.deep.equal({ folded: 0, condensed: 0, stubbed: 0, summary: 0 });
  });
});
