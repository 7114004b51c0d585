/** The rules of undo: which compaction can be undone, and what the revision that undoes it restores. */
import type { UserId } from '#domain/shared/ids.ts';
import { conversationErrors } from './errors.ts';
import type { ContextEvent, Revision } from './revision.ts';
import type { Thread } from './thread.ts';
import type { Estimator } from './usage.ts';
import { verbatimCount, type Window } from './window.ts';

/**
 * Returns the compaction that can be undone: the latest that was not undone yet. Undos work like a stack, so each
 * `undone` event cancels the next older compaction. `newestFirst` are the thread's events from the newest on, as many
 * as the caller has read; undefined if none of them can be undone.
 */
export function undoableAmong(newestFirst: readonly ContextEvent[]): ContextEvent | undefined {
  let undone = 0;
  for (const event of newestFirst) {
    if (event.kind === 'undone') undone++;
    else if (event.kind === 'compacted' && undone-- === 0) return event;
  }
  return undefined;
}

/** Throws 409 `not_latest` unless the event is the compaction that can be undone now. */
export function checkUndoable(eventId: number, newestFirst: readonly ContextEvent[]): void {
  const undoable = undoableAmong(newestFirst);
  if (undoable?.id !== eventId) throw conversationErrors.notLatest({ latest: undoable?.id ?? null });
}

/** The part of an undo's revision that comes from the revision before the undone compaction. */
export type Restored = Pick<Revision, 'parentId' | 'uptoSeq' | 'entries' | 'size' | 'estimator'>;

/**
 * Returns what undoing the revision `undone` restores: entries, size and extent of `parent`, the revision with the id
 * `undone.parentId`; null stands for revision 0, the transcript without any revision. The result has the parent's
 * `parentId`, so that the next undo restores what undoing the parent would have restored.
 */
export function restoredBy(undone: Revision, parent: Revision | null): Restored {
  if (parent === null) return { parentId: 0, uptoSeq: 0, entries: [], size: 0, estimator: undone.estimator };
  const { parentId, uptoSeq, entries, size, estimator } = parent;
  return { parentId, uptoSeq, entries, size, estimator };
}

/** What an undo records, beside what it restores. */
export type UndoRecord = Readonly<{
  thread: Pick<Thread, 'revision'>;
  /** The window before and after the undo. */
  before: Window;
  after: Window;
  by: UserId;
  at: Date;
}>;

/** Returns the thread's next revision, which restores `restored` and says who asked for it. */
export function undoRevision(restored: Restored, record: UndoRecord, estimator: Estimator): Revision {
  const { thread, before, after, by, at } = record;
  const id = thread.revision + 1;
  const event: ContextEvent = {
    id,
    kind: 'undone',
    trigger: 'manual',
    beforeTokens: estimator.tokens(before.size),
    afterTokens: estimator.tokens(after.size),
    beforeMessages: verbatimCount(before),
    afterMessages: verbatimCount(after),
    strategiesUsed: [],
    summariesAdded: 0,
    by,
    at,
  };
  return { id, ...restored, madeBy: 'undo', event };
}
