/** Reads a window from PostgreSQL, all of it at one moment. */
import type pg from 'pg';
import type { ThreadSnapshot } from '#application/conversations/ports.ts';
import type { Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { type EntryRow, type RevisionRow, revisionFrom } from '../conversations/conversation-rows.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import { snapshotOf } from '../conversations/window-rows.ts';
import { READS } from './conversation-statements.ts';
import { all, mapErrors, one } from './reading.ts';
import { inSnapshot } from './transactions.ts';

/** The thread and its window at one moment; undefined where there is no such thread. */
export function readWindow(pool: pg.Pool, id: ThreadId): Promise<ThreadSnapshot | undefined> {
  return mapErrors(inSnapshot(pool, (client) => read(client, id)));
}

async function read(client: pg.PoolClient, id: ThreadId): Promise<ThreadSnapshot | undefined> {
  const row = await one<ThreadRow>(client, READS.thread, id);
  if (row === undefined) return undefined;
  const thread = threadFrom(row);
  const head = await headOf(client, thread);
  const pins = head === undefined ? [] : await all<{ seq: number }>(client, READS.pins, id);
  const ranges = verbatimRanges(thread, head);
  const firsts = ranges.map(([first]) => first);
  const lasts = ranges.map(([, last]) => last);
  const rows = await all<EntryRow>(client, READS.entries, id, firsts, lasts);
  return snapshotOf({
    thread,
    head,
    pins: new Set(pins.map((pin) => pin.seq)),
    messages: (fromSeq, toSeq) => between(rows, fromSeq, toSeq),
  });
}

async function headOf(client: pg.PoolClient, thread: Thread): Promise<Revision | undefined> {
  if (thread.revision === 0) return undefined;
  const row = await one<RevisionRow>(client, READS.revision, thread.id, thread.revision);
  return row && revisionFrom(row);
}

/** First and last seqs of the messages that the window shows as they are. */
function verbatimRanges(thread: Thread, head: Revision | undefined): readonly (readonly [number, number])[] {
  const kept = (head?.entries ?? []).flatMap((entry): (readonly [number, number])[] =>
    entry.kind === 'messages' ? [[entry.fromSeq, entry.toSeq]] : [],
  );
  return [...kept, [(head?.uptoSeq ?? 0) + 1, thread.lastSeq]];
}

/** Rows are in the order of their seqs, with gaps: the first one is looked up by halving. */
function between(rows: readonly EntryRow[], fromSeq: number, toSeq: number): readonly EntryRow[] {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle] as EntryRow).seq < fromSeq) low = middle + 1;
    else high = middle;
  }
  return rows.slice(low, low + toSeq - fromSeq + 1);
}
