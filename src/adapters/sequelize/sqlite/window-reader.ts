/** Reads a window from SQLite, all of it at one moment. */
import type { DatabaseSync } from 'node:sqlite';
import type { ThreadSnapshot } from '#application/conversations/ports.ts';
import { type ComposedWindow, composeWindow, verbatimRanges } from '#domain/conversations/compose-window.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { countedEntryFrom, type EntryRow, type RevisionRow, revisionFrom } from '../conversations/conversation-rows.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import type { ReadStatements } from './conversation-statements.ts';
import { all, one, ReadTransaction } from './reading.ts';

export class WindowReader {
  readonly #statements: ReadStatements;
  readonly #transaction: ReadTransaction;

  constructor(deps: Readonly<{ reader: DatabaseSync; statements: ReadStatements }>) {
    this.#statements = deps.statements;
    this.#transaction = new ReadTransaction(deps.reader);
  }

  /** The thread and its window at one moment; undefined where there is no such thread. */
  read(id: ThreadId): ThreadSnapshot | undefined {
    return this.#transaction.run(() => {
      const row = one<ThreadRow>(this.#statements.thread, id);
      return row && { thread: threadFrom(row), ...this.#window(row) };
    });
  }

  #window({ id, revision, last_seq }: ThreadRow): ComposedWindow {
    const { revision: headOf, pins, entries } = this.#statements;
    const head = revision === 0 ? undefined : one<RevisionRow>(headOf, id, revision);
    const stored = head && revisionFrom(head);
    const rows = verbatimRanges(stored, last_seq).flatMap(({ fromSeq, toSeq }) =>
      all<EntryRow>(entries, id, fromSeq, toSeq),
    );
    const pinned = all<{ seq: number }>(pins, id).map(({ seq }) => seq);
    return composeWindow(stored, rows.map(countedEntryFrom), new Set(pinned));
  }
}
