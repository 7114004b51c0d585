/** Writes several appends at once: in one statement, and in a transaction with the responses to store, if any. */
import type pg from 'pg';
import { idempotencyErrors, type ToStoredResponse } from '#application/shared/idempotency.ts';
import { idempotencyKeyRow, STORE_RESPONSE } from '../operations/idempotency-keys.ts';
import type { Queries } from '../shared/queries.ts';
import { APPEND_SKIPPING, APPEND_WAITING, type AppendOutcome, type AppendRow, listOf } from './append-statements.ts';
import { mapErrors, PostgresQueries } from './queries.ts';
import { inTransaction } from './transactions.ts';

export type Append = Readonly<{ row: AppendRow; toStoredResponse: ToStoredResponse<number> | undefined }>;

/** Whether to pass over threads that others hold, or to wait for the one that all appends are for. */
export type WhenLocked = 'skip' | 'wait';

const STATEMENTS = { skip: APPEND_SKIPPING, wait: APPEND_WAITING };

/** How each of them ended, in their order. All of them are durable when it resolves; none where it throws. */
export async function writeAppends(
  pool: pg.Pool,
  appends: readonly Append[],
  whenLocked: WhenLocked,
): Promise<readonly AppendOutcome[]> {
  const values = { appends: listOf(appends.map(({ row }) => row)) };
  const write = async (queries: Queries) =>
    (await queries.all(STATEMENTS[whenLocked], values)).toSorted((a, b) => a.place - b.place);
  if (appends.every(({ toStoredResponse }) => toStoredResponse === undefined)) return write(new PostgresQueries(pool));
  return mapErrors(
    inTransaction(pool, async (client) => {
      const queries = new PostgresQueries(client);
      const outcomes = await write(queries);
      for (const [i, { thread }] of outcomes.entries())
        if (thread !== undefined) await store(queries, appends[i]?.toStoredResponse, thread.last_seq);
      return outcomes;
    }),
  );
}

/** Throws where the key is taken, which undoes what was written before. */
export async function store(
  queries: Queries,
  toStoredResponse: ToStoredResponse<number> | undefined,
  seq: number,
): Promise<void> {
  if (toStoredResponse === undefined) return;
  const stored = await queries.one(STORE_RESPONSE, idempotencyKeyRow(toStoredResponse(seq)));
  if (stored === undefined) throw idempotencyErrors.inFlight();
}
