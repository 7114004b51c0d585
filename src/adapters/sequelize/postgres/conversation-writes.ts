/** What changes conversations on PostgreSQL: prepared statements, each change one of them. */
import type pg from 'pg';
import type { AppendChange, AppendGuard, WindowChange } from '#application/conversations/ports.ts';
import { idempotencyErrors, type ToStoredResponse } from '#application/shared/idempotency.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { revisionValues } from '../conversations/conversation-rows.ts';
import type { ConversationWrites } from '../conversations/conversations.ts';
import { appendChangeValues, appendValues, RECOUNT, reviseValues } from '../conversations/thread-updates.ts';
import { idempotencyKeyRow, STORE_RESPONSE } from '../operations/idempotency-keys.ts';
import type { Queries } from '../shared/queries.ts';
import { WRITES } from './conversation-statements.ts';
import { mapErrors, PostgresQueries } from './queries.ts';
import { inTransaction } from './transactions.ts';

type Write = (queries: Queries) => Promise<Thread | undefined>;

export class PostgresConversationWrites implements ConversationWrites {
  readonly #pool: pg.Pool;

  constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  async append(
    message: MessageDraft,
    guard: AppendGuard,
    title: string | null,
    toStoredResponse?: ToStoredResponse<number>,
  ): Promise<Thread | undefined> {
    const values = appendValues(message, guard, title);
    return this.#write((queries) => queries.one(WRITES.append, values), toStoredResponse);
  }

  async commit(change: WindowChange): Promise<Thread | undefined> {
    return change.kind === 'append'
      ? this.#write(appending(change), change.toStoredResponse)
      : this.#write((queries) => queries.one(WRITES.revise, reviseValues(change)));
  }

  async recount(
    id: ThreadId,
    at: Readonly<{ version: number; lastSeq: number }>,
    counted: Readonly<{ size: number; estimator: EstimatorName }>,
  ): Promise<boolean> {
    const values = { thread_id: id, version: at.version, last_seq: at.lastSeq, ...counted };
    return (await new PostgresQueries(this.#pool).one(RECOUNT, values)) !== undefined;
  }

  /** One statement by itself; in a transaction with the response to store, where there is one. */
  #write(write: Write, toStoredResponse?: ToStoredResponse<number>): Promise<Thread | undefined> {
    if (toStoredResponse === undefined) return write(new PostgresQueries(this.#pool));
    return mapErrors(
      inTransaction(this.#pool, async (client) => {
        const queries = new PostgresQueries(client);
        const thread = await write(queries);
        if (thread !== undefined) await store(queries, toStoredResponse, thread.lastSeq);
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

/** Throws where the key is taken, which undoes what was written before. */
async function store(queries: Queries, toStoredResponse: ToStoredResponse<number>, seq: number): Promise<void> {
  const stored = await queries.one(STORE_RESPONSE, idempotencyKeyRow(toStoredResponse(seq)));
  if (stored === undefined) throw idempotencyErrors.inFlight();
}
