/** Reads a window from PostgreSQL, all of it at one moment. */
import type pg from 'pg';
import type { ThreadSnapshot } from '#application/conversations/ports.ts';
import { composeWindow, verbatimRanges } from '#domain/conversations/compose-window.ts';
import type { Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { countedEntryFrom, type EntryRow, type RevisionRow, revisionFrom } from '../conversations/conversation-rows.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
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
  const ranges = verbatimRanges(head, thread.lastSeq);
  const firsts = ranges.map(({ fromSeq }) => fromSeq);
  const lasts = ranges.map(({ toSeq }) => toSeq);
  const rows = await all<EntryRow>(client, READS.entries, id, firsts, lasts);
  const pins = await all<{ seq: number }>(client, READS.pins, id);
  const pinned = new Set(pins.map(({ seq }) => seq));
  return { thread, ...composeWindow(head, rows.map(countedEntryFrom), pinned) };
}

async function headOf(client: pg.PoolClient, thread: Thread): Promise<Revision | undefined> {
  if (thread.revision === 0) return undefined;
  const row = await one<RevisionRow>(client, READS.revision, thread.id, thread.revision);
  return row && revisionFrom(row);
}
