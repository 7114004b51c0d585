/** What changes conversations on PostgreSQL: prepared statements, each change one of them. */
import type pg from 'pg';
import type { AppendGuard, WindowChange } from '#application/conversations/ports.ts';
import { idempotencyErrors, type StoredResponse, type ToStoredResponse } from '#application/shared/idempotency.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { messageValues, revisionValues } from '../conversations/conversation-rows.ts';
import type { ConversationWrites } from '../conversations/conversations.ts';
import { type ThreadRow, threadFrom } from '../conversations/threads.ts';
import { idempotencyKeyRow } from '../operations/idempotency-keys.ts';
import { WRITES } from './conversation-statements.ts';
import { mapErrors } from './queries.ts';
import { one, type Statement } from './reading.ts';
import { inTransaction } from './transactions.ts';

const NO_MESSAGE = Array(10).fill(null);
const NO_REVISION = Array(8).fill(null);

export class PostgresConversationWrites implements ConversationWrites {
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
