/** What is recorded of a compaction: the revision that is stored and the event that users see, field by field. */
import { expect } from 'chai';
import type { Compacted } from '#domain/conversations/compaction/chain.ts';
import { compactionEvent, compactionRevision } from '#domain/conversations/compaction/compaction-revision.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { type Entry, windowOf } from '#domain/conversations/window.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { said } from '../../../support/builders/appending.ts';
import { windowFrom } from '../../../support/builders/windows.ts';

const { entries } = windowFrom([said('a'.repeat(100)), said('b'.repeat(60)), said('c'.repeat(40)), said('d')], [3]);
const [first, second, third, sent] = entries as [Entry, Entry, Entry, Entry];
const older: Entry = { ...first, kind: 'summary', role: 'system' };
const summary: Entry = { ...older, content: 'They met.', toSeq: 2, size: 9 };
const steps = [{ name: 'window', tokensFreed: 37, entriesRemoved: 1, ms: 3 }] as const;
const compacted: Compacted = { window: windowOf('p', 40, [summary, third, sent]), steps, summariesAdded: 1 };
const record = {
  thread: { revision: 4, lastSeq: 3 },
  before: windowOf('p', 40, [older, second, third, sent]),
  compacted,
  entries: [summary, third],
  by: null,
  at: new Date(7_000),
};
const event = {
  kind: 'compacted',
  trigger: 'auto',
  beforeTokens: 60,
  afterTokens: 22,
  beforeMessages: 3,
  afterMessages: 2,
  strategiesUsed: steps,
  summariesAdded: 1,
  by: null,
  at: record.at,
};

describe('The revision of a compaction', () => {
  it('follows the head, stands for all messages so far, and counts its entries without the prompt', () => {
    expect(compactionRevision(record, charsDiv4)).to.deep.equal({
      id: 5,
      parentId: 4,
      uptoSeq: 3,
      entries: [summary, { kind: 'messages', fromSeq: 3, toSeq: 3 }],
      size: 49,
      estimator: 'chars_div_4',
      madeBy: 'compaction',
      event: { id: 5, ...event },
    });
  });

  it('says who compacted by hand', () => {
    const by = 'usr_1' as UserId;
    expect(compactionEvent({ ...record, by }, charsDiv4)).to.deep.equal({ ...event, trigger: 'manual', by });
  });
});
