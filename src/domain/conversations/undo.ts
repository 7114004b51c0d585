/** Undoing compactions: which one can be undone now, and the revision that undoes it. */
import { conversationErrors } from './errors.ts';
import type { ContextEvent, Revision } from './revision.ts';
import { type Budget, type Estimator, usagePct } from './usage.ts';
import type { Window } from './window.ts';

/**
 * The compaction that can be undone now: the latest that was not undone yet. `newestFirst` are the thread's events
 * from its newest on, as many as the caller has read; undefined where none of them can be undone.
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

/** Throws 409 `over_budget` where the window that an undo leads back to would take more than the whole budget. */
export function checkFits(window: Window, budget: Budget, estimator: Estimator): void {
  const pct = usagePct(window.size, budget, estimator);
  if (pct > 100) throw conversationErrors.overBudget({ usagePct: pct });
}

/** What an undo's revision takes over from the revision before the undone compaction. */
export type Restored = Pick<Revision, 'parentId' | 'uptoSeq' | 'entries' | 'size' | 'estimator'>;

/**
 * What the window's revision is again after an undo: the entries and the reach of `parent`, the revision with the
 * number `undone.parentId`; null stands for revision 0, the bare transcript. Undone once more, it leads back to where
 * an undo of the parent would have led.
 */
export function restoredBy(undone: Revision, parent: Revision | null): Restored {
  if (parent === null) return { parentId: 0, uptoSeq: 0, entries: [], size: 0, estimator: undone.estimator };
  const { parentId, uptoSeq, entries, size, estimator } = parent;
  return { parentId, uptoSeq, entries, size, estimator };
}
