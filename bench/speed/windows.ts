/** A window of 16 k tokens, read whole, and read through its copy after each further message. */
import { EmbeddedContexts } from '../../src/adapters/embedded/contexts.ts';
import type { RedisConnection } from '../../src/adapters/redis/connection.ts';
import { RedisContexts } from '../../src/adapters/redis/contexts.ts';
import { PostgresDatabase } from '../../src/adapters/sequelize/postgres/database.ts';
import { SystemClock } from '../../src/adapters/system/clock.ts';
import { Seeder } from '../../src/adapters/system/seeder.ts';
import { withCopies } from '../../src/application/conversations/context/with-copies.ts';
import type { Contexts } from '../../src/application/conversations/ports.ts';
import type { RecordStores } from '../../src/application/repos.ts';
import { aMessage } from '../../test/support/builders/records.ts';
import { anAppendGuard, aThreadOf } from '../../test/support/builders/window-changes.ts';
import { MIGRATIONS, openTemporaryDatabase, SEEDERS } from '../../test/support/servers/temporary-database.ts';
import { createDatabase, dropDatabase, postgresAnswers } from '../../test/support/servers/temporary-postgres.ts';
import { quick } from '../options.ts';
import { leftOut, type Row } from '../table.ts';
import { micros, timesOf } from './timing.ts';

const MESSAGES = 170;
const CALLS = quick ? 50 : 500;
const TEXT = 'The door creaks. '.repeat(18).slice(0, 300);
const clock = new SystemClock();
const ttlMs = 60_000;

export async function windowRows(redis: RedisConnection): Promise<Row[]> {
  const copies = (): Readonly<Record<string, Contexts>> => ({
    'a copy in the process': new EmbeddedContexts({ clock, ttlMs }),
    'a copy in Redis': new RedisContexts({ redis, clock, ttlMs }),
  });
  const sqlite = await openTemporaryDatabase();
  const rows = await rowsOf('SQLite', sqlite.stores, copies()).finally(() => sqlite.close());
  if (!(await postgresAnswers())) return [...rows, leftOut('windows on PostgreSQL', 'none answers')];
  return [...rows, ...(await onPostgres((stores) => rowsOf('PostgreSQL', stores, copies())))];
}

async function onPostgres<T>(work: (stores: RecordStores) => Promise<T>): Promise<T> {
  const url = await createDatabase();
  // As a server has it that shares its database: what it reads of a thread is never from its own memory.
  const database = await PostgresDatabase.open({ url, lock: 'shared' });
  try {
    await database.migrator(MIGRATIONS).up();
    const stores = database.stores();
    await new Seeder({ folder: SEEDERS, unitOfWork: stores.unitOfWork }).up();
    return await work(stores);
  } finally {
    await database.close();
    await dropDatabase(url);
  }
}

async function rowsOf(
  database: string,
  stores: RecordStores,
  copies: Readonly<Record<string, Contexts>>,
): Promise<Row[]> {
  const { thread } = await aThreadOf(stores, 0);
  const guard = { ...anAppendGuard, sizeBelow: 2 ** 50, maxEntries: 2 ** 50 };
  for (let n = 0; n < MESSAGES; n += 1)
    await stores.conversations.append(aMessage(thread.id, { content: TEXT }), guard, null);
  const whole = await timesOf(() => stores.conversations.snapshot(thread.id), 1, CALLS);
  const rows: Row[] = [];
  for (const [name, contexts] of Object.entries(copies)) {
    const copied = withCopies({ conversations: stores.conversations, contexts });
    const { median } = await timesOf(() => copied.snapshot(thread.id), 1, CALLS);
    rows.push({
      work: `window of 16 k tokens on ${database}, ${name}`,
      ours: micros(median),
      peer: `${micros(whole.median)} read whole`,
      ratio: `${(whole.median / median).toFixed(2)}x`,
    });
  }
  return rows;
}
