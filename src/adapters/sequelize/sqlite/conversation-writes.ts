/** What changes conversations on SQLite: prepared statements, in shared commits. */

import type { ConversationWrites } from '#application/conversations/conversations-of.ts';
import type {
  AppendChange,
  AppendGuard,
  PinChange,
  RevisionChange,
  WindowChange,
} from '#application/conversations/ports.ts';
import { idempotencyErrors, type ToStoredResponse } from '#application/shared/idempotency.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { ReplyId, ThreadId } from '#domain/shared/ids.ts';
import { COMPACTOR, MESSAGE, REVISION, revisionValues } from '../conversations/conversation-rows.ts';
import type { ThreadRowCache } from '../conversations/thread-row-cache.ts';
import {
  APPEND,
  APPEND_CHANGE,
  appendChangeValues,
  appendValues,
  BEGIN_REPLY,
  END_REPLY,
  PIN,
  pinValues,
  RECOUNT,
  REVISE,
  reviseValues,
} from '../conversations/thread-updates.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import { idempotencyKeyRow, STORE_RESPONSE } from '../operations/idempotency-keys.ts';
import { mapError } from '../shared/failures.ts';
import { statement } from '../shared/statement.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import type { WriterQueue } from './writer-queue.ts';

const UPDATES = {
  append: statement('append', APPEND.types, APPEND.text, (row: ThreadRow) => row),
  appendChange: statement('append-change', APPEND_CHANGE.types, APPEND_CHANGE.text, (row: ThreadRow) => row),
  revise: statement('revise', REVISE.types, REVISE.text, (row: ThreadRow) => row),
  pin: statement('pin', PIN.types, PIN.text, (row: ThreadRow) => row),
};
const ADD_MESSAGE = statement(
  'add-message',
  { thread_id: 'text', seq: 'integer', ...MESSAGE.types },
  `INSERT INTO messages (thread_id, seq, ${MESSAGE.columns}) VALUES (:thread_id, :seq, ${MESSAGE.values})`,
);
const ADD_PIN = statement(
  'add-pin',
  { thread_id: 'text', seq: 'integer', created_at: 'bigint' },
  'INSERT INTO pins (thread_id, seq, pinned_at) VALUES (:thread_id, :seq, :created_at) ON CONFLICT DO NOTHING',
);
const REMOVE_PIN = statement(
  'remove-pin',
  { thread_id: 'text', seq: 'integer' },
  'DELETE FROM pins WHERE thread_id = :thread_id AND seq = :seq',
);
const ADD_REVISION = statement(
  'add-revision',
  { thread_id: 'text', ...REVISION.types },
  `INSERT INTO revisions (thread_id, ${REVISION.columns}) VALUES (:thread_id, ${REVISION.values})`,
);
/** Nobody is named who was deleted meanwhile. */
const ADD_COMPACTOR = statement(
  'add-compactor',
  COMPACTOR.types,
  `INSERT INTO compactors (${COMPACTOR.columns}) SELECT :thread_id, :revision, id FROM users WHERE id = :by_user_id`,
);

export class SqliteConversationWrites implements ConversationWrites {
  readonly #queue: WriterQueue;
  readonly #statements: PreparedStatements;
  readonly #threads: ThreadRowCache;

  /** `statements` are of the connection that the queue commits on. */
  constructor(deps: Readonly<{ statements: PreparedStatements; queue: WriterQueue; threads: ThreadRowCache }>) {
    this.#queue = deps.queue;
    this.#statements = deps.statements;
    this.#threads = deps.threads;
  }

  append(
    message: MessageDraft,
    guard: AppendGuard,
    title: string | null,
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<Thread | undefined> {
    return this.#writeThread(() => {
      const values = appendValues(message, guard, title);
      const row = this.#statements.one(UPDATES.append, values);
      if (row === undefined) return undefined;
      this.#statements.run(ADD_MESSAGE, { ...values, seq: row.last_seq });
      this.#store(toStoredResponse, row.last_seq);
      return row;
    });
  }

  commit(change: WindowChange): Promise<Thread | undefined> {
    return this.#writeThread(() => {
      if (change.kind === 'append') return this.#appendChange(change);
      return change.kind === 'revise' ? this.#revise(change) : this.#pin(change);
    });
  }

  beginReply(id: ThreadId, replyId: ReplyId): Promise<boolean> {
    return this.#writeReply(BEGIN_REPLY, id, replyId);
  }

  endReply(id: ThreadId, replyId: ReplyId): Promise<boolean> {
    return this.#writeReply(END_REPLY, id, replyId);
  }

  recount(
    id: ThreadId,
    at: Readonly<{ version: number; lastSeq: number }>,
    counted: Readonly<{ size: number; estimator: EstimatorName }>,
  ): Promise<boolean> {
    return this.#write(() => {
      this.#threads.forget(id);
      const values = { thread_id: id, version: at.version, last_seq: at.lastSeq, ...counted };
      return this.#statements.one(RECOUNT, values) !== undefined;
    });
  }

  #writeReply(update: typeof BEGIN_REPLY, id: ThreadId, replyId: ReplyId): Promise<boolean> {
    return this.#write(() => this.#statements.one(update, { thread_id: id, reply_id: replyId }) !== undefined);
  }

  #appendChange(change: AppendChange): ThreadRow | undefined {
    const values = appendChangeValues(change);
    const row = this.#statements.one(UPDATES.appendChange, values);
    if (row === undefined) return undefined;
    const added = { ...values, seq: row.last_seq };
    this.#statements.run(ADD_MESSAGE, added);
    if (change.pinned) this.#statements.run(ADD_PIN, added);
    if (change.revision !== null)
      this.#statements.run(ADD_REVISION, { thread_id: row.id, ...revisionValues(change.revision) });
    this.#store(change.toStoredResponse, row.last_seq);
    return row;
  }

  #revise(change: RevisionChange): ThreadRow | undefined {
    const values = reviseValues(change);
    const row = this.#statements.one(UPDATES.revise, values);
    if (row === undefined) return undefined;
    this.#statements.run(ADD_REVISION, values);
    this.#statements.run(ADD_COMPACTOR, values);
    return row;
  }

  #pin(change: PinChange): ThreadRow | undefined {
    const values = pinValues(change);
    const row = this.#statements.one(UPDATES.pin, values);
    if (row === undefined) return undefined;
    if (change.pinned) this.#statements.run(ADD_PIN, values);
    else this.#statements.run(REMOVE_PIN, values);
    return row;
  }

  /** A throw undoes what was written before it. */
  #store(toStoredResponse: ToStoredResponse<number> | undefined, seq: number): void {
    if (toStoredResponse === undefined) return;
    const stored = this.#statements.one(STORE_RESPONSE, idempotencyKeyRow(toStoredResponse(seq)));
    if (stored === undefined) throw idempotencyErrors.inFlight();
  }

  /** What the statements made of a thread is cached once it is committed, and not before. */
  async #writeThread(statements: () => ThreadRow | undefined): Promise<Thread | undefined> {
    const row = await this.#write(statements);
    if (row === undefined) return undefined;
    this.#threads.put(row);
    return threadFrom(row);
  }

  async #write<T>(statements: () => T): Promise<T> {
    try {
      return await this.#queue.call(statements);
    } catch (error) {
      throw mapError(error);
    }
  }
}
