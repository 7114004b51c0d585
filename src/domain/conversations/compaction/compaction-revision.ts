/** The revision that records a compaction, with the event that tells of it. */

import { type ContextEvent, type Revision, storedEntries } from '../revision.ts';
import type { Thread } from '../thread.ts';
import type { Estimator } from '../usage.ts';
import type { Entry, Window } from '../window.ts';
import type { Compacted } from './chain.ts';

export type CompactionRecord = Readonly<{
  thread: Pick<Thread, 'revision' | 'lastSeq'>;
  /** The window that was compacted; the message being appended, if there is one, included. */
  before: Window;
  compacted: Compacted;
  /** What the revision stores: the compacted entries without a message that is being appended. */
  entries: readonly Entry[];
  trigger: ContextEvent['trigger'];
  at: Date;
}>;

export function compactionRevision(record: CompactionRecord, estimator: Estimator): Revision {
  const { thread, entries } = record;
  return {
    id: thread.revision + 1,
    parentId: thread.revision,
    uptoSeq: thread.lastSeq,
    entries: storedEntries(entries),
    size: entries.reduce((sum, entry) => sum + entry.size, 0),
    estimator: estimator.name,
    madeBy: 'compaction',
    event: { id: thread.revision + 1, ...compactionEvent(record, estimator) },
  };
}

/** The event of a compaction, without the number that only a committed one has. */
export function compactionEvent(
  { before, compacted, trigger, at }: CompactionRecord,
  estimator: Estimator,
): Omit<ContextEvent, 'id'> {
  return {
    kind: 'compacted',
    trigger,
    beforeTokens: estimator.tokens(before.size),
    afterTokens: estimator.tokens(compacted.window.size),
    beforeMessages: countMessages(before),
    afterMessages: countMessages(compacted.window),
    strategiesUsed: compacted.steps,
    summariesAdded: compacted.summariesAdded,
    at,
  };
}

function countMessages({ entries }: Window): number {
  return entries.filter((entry) => entry.kind === 'message').length;
}
