/** The record of what was said, on PostgreSQL: prepared statements, each change one of them. */
import type pg from 'pg';
import type {
  AppendGuard,
  Conversations,
  StoredMessage,
  ThreadSnapshot,
  WindowChange,
} from '#application/conversations/ports.ts';
import { idempotencyErrors, type StoredResponse, type ToStoredResponse } from '#application/shared/idempotency.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { ContextEvent, Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import {
  eventFrom,
  type MessageRow,
  messageFrom,
  messageValues,
  type RevisionRow,
  revisionFrom,
  revisionValues,
} from '../conversations/conversation-rows.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import { idempotencyKeyRow } from '../operations/idempotency-keys.ts';
import { READS, WRITES } from './conversation-statements.ts';
import { all, mapErrors, one, type Statement } from './reading.ts';
import { inTransaction } from './transactions.ts';
import { readWindow } from './window-reader.ts';

/** After every number that a store gives. */
const END = Number.MAX_SAFE_INTEGER;

const NO_MESSAGE = Array(10).fill(null);
const NO_REVISION = Array(8).fill(null);

export class PostgresConversations implements Conversations {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  append(
    message: MessageDraft,
    guard: AppendGuard,
    title: string | null,
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<Thread | undefined> {
    const { ifVersion, estimator, sizeBelow, maxEntries } = guard;
    const conditions = [message.threadId, ifVersion, estimator, sizeBelow, maxEntries, title];
    return this.#write(WRITES.append, [...conditions, ...messageValues(message)], toStoredResponse);
  }

  commit(change: WindowChange): Promise<Thread | undefined> {
    const { threadId, message, revision, toStoredResponse } = change;
    const values = [
      ...[threadId, change.ifVersion, change.ifLastSeq, change.sizeDelta, change.entriesDelta],
      ...[change.title, change.pinned],
      ...(message === null ? NO_MESSAGE : messageValues(message)),
      ...(revision === null ? NO_REVISION : revisionValues(revision)),
    ];
    return this.#write(WRITES.commit, values, toStoredResponse);
  }

  async recount(
    id: ThreadId,
    at: Readonly<{ version: number; lastSeq: number }>,
    counted: Readonly<{ size: number; estimator: EstimatorName }>,
  ): Promise<boolean> {
    const values = [counted.size, counted.estimator, id, at.version, at.lastSeq];
    return (await one(this.#pool, WRITES.recount, ...values)) !== undefined;
  }

  snapshot(id: ThreadId): Promise<ThreadSnapshot | undefined> {
    return readWindow(this.#pool, id);
  }

  async message(id: ThreadId, seq: number): Promise<StoredMessage | undefined> {
    const row = await one<MessageRow>(this.#pool, READS.message, id, seq);
    return row && messageFrom(row);
  }

  async messages(
    id: ThreadId,
    range: Readonly<{ limit: number; before?: number; after?: number }>,
  ): Promise<readonly StoredMessage[]> {
    const rows =
      range.after === undefined
        ? (await all<MessageRow>(this.#pool, READS.before, id, range.before ?? END, range.limit)).reverse()
        : await all<MessageRow>(this.#pool, READS.after, id, range.after, range.limit);
    return rows.map(messageFrom);
  }

  async revision(id: ThreadId, revision: number): Promise<Revision | undefined> {
    const row = await one<RevisionRow>(this.#pool, READS.revision, id, revision);
    return row && revisionFrom(row);
  }

  async events(
    id: ThreadId,
    range: Readonly<{ limit: number; after?: number; before?: number }>,
  ): Promise<readonly ContextEvent[]> {
    const values = [id, range.after ?? 0, range.before ?? END, range.limit];
    const rows = await all<{ event: string }>(this.#pool, READS.events, ...values);
    return rows.map((row) => eventFrom(row.event));
  }

  /** Changes a thread by one statement; together with the answer to keep, where there is one. */
  async #write(
    statement: Statement,
    values: readonly unknown[],
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<Thread | undefined> {
    if (toStoredResponse === undefined) return threadOf(await one<ThreadRow>(this.#pool, statement, ...values));
    return mapErrors(
      inTransaction(this.#pool, async (client) => {
        const thread = threadOf(await one<ThreadRow>(client, statement, ...values));
        if (thread !== undefined) await keep(client, toStoredResponse(thread.lastSeq));
        return thread;
      }),
    );
  }
}

function threadOf(row: ThreadRow | undefined): Thread | undefined {
  return row && threadFrom(row);
}

/** Throws where the key is taken, which undoes what was written before. */
async function keep(client: pg.PoolClient, answer: StoredResponse): Promise<void> {
  const row = idempotencyKeyRow(answer);
  const values = [row.key, row.body_digest, row.answer, row.created_at, row.expires_at];
  if ((await one(client, WRITES.keep, ...values)) === undefined) throw idempotencyErrors.inFlight();
}
