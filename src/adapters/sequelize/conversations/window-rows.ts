/** Puts a window together from its rows: the head revision's entries, and every later message verbatim. */
import type { ThreadSnapshot } from '#application/conversations/ports.ts';
import type { Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import { type Entry, seqsOf } from '#domain/conversations/window.ts';
import { type EntryRow, entryFrom } from './conversation-rows.ts';

/** What a window is made of, all of it read at one moment. */
export type WindowRows = Readonly<{
  thread: Thread;
  /** Undefined before the first revision. */
  head: Revision | undefined;
  /** The seqs of pinned messages. */
  pins: ReadonlySet<number>;
  /** Messages `fromSeq..toSeq` in order. */
  messages(fromSeq: number, toSeq: number): readonly EntryRow[];
}>;

export function snapshotOf(rows: WindowRows): ThreadSnapshot {
  const { thread, head, pins } = rows;
  const entries: Entry[] = [];
  const countedBy = new Set<EstimatorName>();
  const addMessages = (fromSeq: number, toSeq: number) => {
    if (fromSeq > toSeq) return;
    for (const row of rows.messages(fromSeq, toSeq)) {
      entries.push(entryFrom(row));
      countedBy.add(row.estimator as EstimatorName);
    }
  };
  for (const kept of head?.entries ?? []) {
    if (kept.kind === 'messages') {
      addMessages(kept.fromSeq, kept.toSeq);
    } else {
      entries.push({ ...kept, pinned: pins.size > 0 && seqsOf(kept).some((seq) => pins.has(seq)) });
      countedBy.add((head as Revision).estimator);
    }
  }
  addMessages((head?.uptoSeq ?? 0) + 1, thread.lastSeq);
  return { thread, entries, countedBy: [...countedBy] };
}
