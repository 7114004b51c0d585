/** Reads a window from SQLite, all of it at one moment. */
import type { DatabaseSync } from 'node:sqlite';
import type { ThreadSnapshot } from '#application/conversations/ports.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { type EntryRow, type RevisionRow, revisionFrom } from '../conversations/conversation-rows.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import { snapshotOf } from '../conversations/window-rows.ts';
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
    const { thread, revision, pins, entries } = this.#statements;
    return this.#transaction.run(() => {
      const row = one<ThreadRow>(thread, id);
      if (row === undefined) return undefined;
      const head = row.revision === 0 ? undefined : one<RevisionRow>(revision, id, row.revision);
      return snapshotOf({
        thread: threadFrom(row),
        head: head && revisionFrom(head),
        pins: new Set(head && all<{ seq: number }>(pins, id).map((pin) => pin.seq)),
        messages: (fromSeq, toSeq) => all<EntryRow>(entries, id, fromSeq, toSeq),
      });
    });
  }
}
