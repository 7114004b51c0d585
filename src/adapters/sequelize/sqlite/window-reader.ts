/** Rebuilds a window from SQL: the head revision's entries, and every later message verbatim. */
import type { DatabaseSync } from 'node:sqlite';
import type { ThreadSnapshot } from '#application/conversations/ports.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import { type Entry, seqsOf } from '#domain/conversations/window.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { type ThreadRow, threadFrom } from '../threads.ts';
import { type EntryRow, entryFrom, type RevisionRow, revisionFrom } from './conversation-rows.ts';
import type { ReadStatements } from './conversation-statements.ts';
import { all, one, ReadTransaction } from './reading.ts';

type Found = { entries: Entry[]; countedBy: Set<EstimatorName> };

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
      if (row === undefined) return undefined;
      const thread = threadFrom(row);
      const { entries, countedBy } = this.#window(thread);
      return { thread, entries, countedBy: [...countedBy] };
    });
  }

  #window(thread: Thread): Found {
    const found: Found = { entries: [], countedBy: new Set() };
    const uptoSeq = thread.revision === 0 ? 0 : this.#addRevision(found, thread);
    this.#addMessages(found, thread.id, uptoSeq + 1, thread.lastSeq);
    return found;
  }

  /** Answers the last message that the revision accounts for. */
  #addRevision(found: Found, thread: Thread): number {
    const head = revisionFrom(one<RevisionRow>(this.#statements.revision, thread.id, thread.revision) as RevisionRow);
    const pins = new Set(all<{ seq: number }>(this.#statements.pins, thread.id).map((pin) => pin.seq));
    for (const kept of head.entries) {
      if (kept.kind === 'messages') {
        this.#addMessages(found, thread.id, kept.fromSeq, kept.toSeq);
      } else {
        found.entries.push({ ...kept, pinned: pins.size > 0 && seqsOf(kept).some((seq) => pins.has(seq)) });
        found.countedBy.add(head.estimator);
      }
    }
    return head.uptoSeq;
  }

  #addMessages(found: Found, id: ThreadId, fromSeq: number, toSeq: number): void {
    if (fromSeq > toSeq) return;
    for (const row of all<EntryRow>(this.#statements.entries, id, fromSeq, toSeq)) {
      found.entries.push(entryFrom(row));
      found.countedBy.add(row.estimator as EstimatorName);
    }
  }
}
