/** The record store in the process: appends to short and very long threads, and windows rebuilt from SQL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Migrator } from '../src/adapters/sequelize/migrator.ts';
import { SqliteDatabase } from '../src/adapters/sequelize/sqlite/database.ts';
import { UuidIds } from '../src/adapters/system/ids.ts';
import type { AppendGuard } from '../src/application/conversations/ports.ts';
import type { RecordStores } from '../src/application/repos.ts';
import type { MessageDraft } from '../src/domain/conversations/message.ts';
import type { ThreadId, UserId } from '../src/domain/shared/ids.ts';
import { type Row, tableOf } from './table.ts';

/** One durable append. */
type Append = () => Promise<void>;

const TEXT = 'The door creaks. '.repeat(18).slice(0, 300);
const GUARD: AppendGuard = { ifVersion: 1, sizeBelow: 2 ** 50, maxEntries: 2 ** 50, estimator: 'chars_div_4' };
const ids = new UuidIds();

type Bench = Readonly<{ file: string; database: SqliteDatabase; stores: RecordStores; userId: UserId }>;

export async function run(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tavernkeep-bench-'));
  try {
    return await longThreads(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function longThreads(folder: string): Promise<Row[]> {
  const [short, long] = [await open(join(folder, 'short.db')), await open(join(folder, 'long.db'))];
  const shortThread = await threadOf(short, 100);
  const longThread = await threadOf(long, 1_000_000);
  const window = await threadOf(long, 100_000, 210);
  const rows: Row[] = [];
  for (const callers of [1, 20]) {
    const [ofLong, ofShort] = await alternating(
      () => rate(appendsTo(long, longThread), callers),
      () => rate(appendsTo(short, shortThread), callers),
    );
    const ratio = ofLong / ofShort;
    rows.push({
      work: `append, ${callers} at once: thread of 1,000,000 beside one of 100`,
      ours: micros(ofLong),
      peer: micros(ofShort),
      ratio: `${ratio.toFixed(2)}x`,
      bar: '<= 1.2x',
      met: ratio <= 1.2,
    });
  }
  const ms = await median(30, async () => {
    const began = performance.now();
    await long.stores.conversations.snapshot(window);
    return performance.now() - began;
  });
  rows.push({
    work: 'window of 16k tokens, thread of 100,000',
    ours: `${ms.toFixed(2)} ms`,
    bar: '<= 20 ms',
    met: ms <= 20,
  });
  await short.database.close();
  await long.database.close();
  return rows;
}

async function open(file: string): Promise<Bench> {
  const database = await SqliteDatabase.open({ file, synchronous: 'full' });
  await new Migrator({ sequelize: database.sequelize, folder: join(import.meta.dirname, '../migrations') }).up();
  const userId = ids.next('user');
  await database.unitOfWork.run(({ users }) =>
    users.add({
      id: userId,
      email: 'bench@example.org',
      username: null,
      displayName: 'Bench',
      status: 'active',
      roles: [],
      sessionEpoch: 1,
      createdAt: new Date(),
    }),
  );
  return { file, database, stores: database.stores(), userId };
}

/** A thread of so many messages; with `kept`, all but the newest `kept` of them are behind a summary. */
async function threadOf(bench: Bench, messages: number, kept?: number): Promise<ThreadId> {
  const id = ids.next('thread');
  await bench.database.unitOfWork.run(({ threads }) =>
    threads.add({
      id,
      title: 'Bench',
      ownerId: bench.userId,
      gameId: null,
      systemPrompt: null,
      createdAt: new Date(),
      lastMessageAt: null,
      archived: false,
      version: 1,
      lastSeq: messages,
      revision: kept === undefined ? 0 : 1,
      windowSize: 0,
      windowEntries: 0,
      estimator: 'chars_div_4',
    }),
  );
  fill(bench, id, messages, kept);
  return id;
}

function fill(bench: Bench, id: ThreadId, messages: number, kept: number | undefined): void {
  if (messages === 0) return;
  const sql = new DatabaseSync(bench.file);
  sql
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO messages (thread_id, seq, id, role, author_id, content, created_at, metadata, size, estimator)
       SELECT ?, i, 'msg_' || i, 'user', ?, ?, i, '{}', 300, 'chars_div_4' FROM n`,
    )
    .run(messages, id, bench.userId, TEXT);
  if (kept !== undefined) {
    sql
      .prepare(`INSERT INTO revisions VALUES (?, 1, 0, ?, 300, 'chars_div_4', 'compaction', '{"at":0}', ?)`)
      .run(
        id,
        messages - kept,
        JSON.stringify([{ kind: 'summary', content: TEXT, fromSeq: 1, toSeq: messages - kept, seqs: null }]),
      );
  }
  sql.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  sql.close();
}

function appendsTo(bench: Bench, threadId: ThreadId): Append {
  return async () => {
    const after = await bench.stores.conversations.append(draft(threadId, bench.userId), GUARD, null);
    if (after === undefined) throw new Error('The append was refused.');
  };
}

function draft(threadId: ThreadId, authorId: UserId): MessageDraft {
  const rest = {
    name: null,
    toolCalls: null,
    toolCallId: null,
    createdAt: new Date(),
    metadata: {},
    size: TEXT.length,
  };
  return { id: ids.next('message'), threadId, role: 'user', authorId, content: TEXT, ...rest };
}

const ROUND_MS = 400;
const ROUNDS = 7;

/** Microseconds per append with so many callers, each waiting for its answer before it goes on. */
async function rate(append: Append, callers: number): Promise<number> {
  let count = 0;
  const began = performance.now();
  const caller = async () => {
    while (performance.now() - began < ROUND_MS) {
      await append();
      count++;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return ((performance.now() - began) * 1_000) / count;
}

/** The medians of two measurements, taken in turns so that both see the same machine. */
async function alternating(a: () => Promise<number>, b: () => Promise<number>): Promise<[number, number]> {
  const found: [number[], number[]] = [[], []];
  await a();
  await b();
  for (let round = 0; round < ROUNDS; round++) {
    found[0].push(await a());
    found[1].push(await b());
  }
  return [middle(found[0]), middle(found[1])];
}

async function median(rounds: number, measure: () => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) found.push(await measure());
  return middle(found);
}

function middle(values: number[]): number {
  return values.sort((x, y) => x - y)[Math.floor(values.length / 2)] as number;
}

function micros(value: number): string {
  return `${value.toFixed(1)} µs`;
}

if (import.meta.main) process.stdout.write(`${tableOf(await run())}\n`);
