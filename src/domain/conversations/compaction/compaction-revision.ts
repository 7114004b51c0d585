/** Builds the revision and the event that record a compaction. */
import type { UserId } from '#domain/shared/ids.ts';
import { type ContextEvent, type Revision, storedEntries } from '../revision.ts';
import type { Thread } from '../thread.ts';
import type { Estimator } from '../usage.ts';
import { type Entry, verbatimCount, type Window } from '../window.ts';
import type { Compacted } from './chain.ts';

export type CompactionRecord = Readonly<{
  thread: Pick<Thread, 'revision' | 'lastSeq'>;
  /** The window before the compaction, including a message that is being appended. */
  before: Window;
  compacted: Compacted;
  /** What the revision stores: the compacted entries without a message that is being appended. */
  entries: readonly Entry[];
  /** Who compacts by hand; null where an append needed it. */
  by: UserId | null;
  at: Date;
}>;

/** Returns the thread's next revision. It accounts for every message up to the thread's last. */
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

/** Returns the event of a compaction without its id, which a dry run does not have. */
export function compactionEvent(
  { before, compacted, by, at }: CompactionRecord,
  estimator: Estimator,
): Omit<ContextEvent, 'id'> {
  return {
    kind: 'compacted',
    trigger: by === null ? 'auto' : 'manual',
    beforeTokens: estimator.tokens(before.size),
    afterTokens: estimator.tokens(compacted.window.size),
    beforeMessages: verbatimCount(before),
    afterMessages: verbatimCount(compacted.window),
    strategiesUsed: compacted.steps,
    summariesAdded: compacted.summariesAdded,
    by,
    at,
  };
}
