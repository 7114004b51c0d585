/**
 * What changes conversations on PostgreSQL: prepared statements; appends share theirs, other changes have their own.
 */
import type pg from 'pg';
import type { ConversationWrites } from '#application/conversations/conversations-of.ts';
import type {
  AppendChange,
  AppendGuard,
  PinChange,
  RevisionChange,
  WindowChange,
} from '#application/conversations/ports.ts';
import type { ToStoredResponse } from '#application/shared/idempotency.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { ReplyId, ThreadId } from '#domain/shared/ids.ts';
import { revisionValues } from '../conversations/conversation-rows.ts';
import {
  appendChangeValues,
  appendValues,
  BEGIN_REPLY,
  END_REPLY,
  pinValues,
  RECOUNT,
  reviseValues,
} from '../conversations/thread-updates.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import type { Queries } from '../shared/queries.ts';
import { AppendQueue } from './append-queue.ts';
import { store, writeAppends } from './append-writer.ts';
import { WRITES } from './conversation-statements.ts';
import type { KnownThreads } from './known-threads.ts';
import { mapErrors, PostgresQueries } from './queries.ts';
import { inTransaction } from './transactions.ts';

type Write = (queries: Queries) => Promise<ThreadRow | undefined>;

export class PostgresConversationWrites implements ConversationWrites {
  readonly #pool: pg.Pool;
  readonly #threads: KnownThreads;
  readonly #appends: AppendQueue;

  constructor(pool: pg.Pool, threads: KnownThreads) {
    this.#pool = pool;
    this.#threads = threads;
    this.#appends = new AppendQueue((appends, whenLocked) => writeAppends(pool, appends, whenLocked));
  }

  /** How many appends wait for a statement. */
  get waiting(): number {
    return this.#appends.length;
  }

  async append(
    message: MessageDraft,
    guard: AppendGuard,
    title: string | null,
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<Thread | undefined> {
    const row = appendValues(message, guard, title);
    return this.#changing(message.threadId, () => this.#appends.append({ row, toStoredResponse }));
  }

  async commit(change: WindowChange): Promise<Thread | undefined> {
    const { threadId } = change;
    return change.kind === 'append'
      ? this.#changing(threadId, () => this.#write(appending(change), change.toStoredResponse))
      : this.#changing(threadId, () => this.#write(changing(change)));
  }

  beginReply(id: ThreadId, replyId: ReplyId): Promise<boolean> {
    return this.#writeReply(BEGIN_REPLY, id, replyId);
  }

  endReply(id: ThreadId, replyId: ReplyId): Promise<boolean> {
    return this.#writeReply(END_REPLY, id, replyId);
  }

  async recount(
    id: ThreadId,
    at: Readonly<{ version: number; lastSeq: number }>,
    counted: Readonly<{ size: number; estimator: EstimatorName }>,
  ): Promise<boolean> {
    const values = { thread_id: id, version: at.version, last_seq: at.lastSeq, ...counted };
    const recounted = new PostgresQueries(this.#pool).one(RECOUNT, values);
    return (await recounted.finally(() => this.#threads.forget(id))) !== undefined;
  }

  async #writeReply(update: typeof BEGIN_REPLY, id: ThreadId, replyId: ReplyId): Promise<boolean> {
    const values = { thread_id: id, reply_id: replyId };
    return (await new PostgresQueries(this.#pool).one(update, values)) !== undefined;
  }

  /** Of what came too late, or whose end is not known, the thread is to be read again. */
  async #changing(id: ThreadId, change: () => Promise<ThreadRow | undefined>): Promise<Thread | undefined> {
    const mark = this.#threads.mark();
    let row: ThreadRow | undefined;
    try {
      row = await change();
    } finally {
      if (row === undefined) this.#threads.forget(id);
      else this.#threads.put(row, mark);
    }
    return row && threadFrom(row);
  }

  /** One statement by itself; in a transaction with the response to store, where there is one. */
  #write(write: Write, toStoredResponse?: ToStoredResponse<number>): Promise<ThreadRow | undefined> {
    if (toStoredResponse === undefined) return write(new PostgresQueries(this.#pool));
    return mapErrors(
      inTransaction(this.#pool, async (client) => {
        const queries = new PostgresQueries(client);
        const thread = await write(queries);
        if (thread !== undefined) await store(queries, toStoredResponse, thread.last_seq);
        return thread;
      }),
    );
  }
}

function appending(change: AppendChange): Write {
  const values = { ...appendChangeValues(change), pinned: change.pinned };
  const { revision } = change;
  return (queries) =>
    revision === null
      ? queries.one(WRITES.appendPinned, values)
      : queries.one(WRITES.appendCompacting, { ...values, ...revisionValues(revision) });
}

function changing(change: RevisionChange | PinChange): Write {
  return (queries) =>
    change.kind === 'revise'
      ? queries.one(WRITES.revise, reviseValues(change))
      : queries.one(WRITES.pin, pinValues(change));
}
