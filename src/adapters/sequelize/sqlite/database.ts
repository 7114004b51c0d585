/** A SQLite file as the store of everything that must survive: opened once per process, under its lock. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Sequelize } from 'sequelize';
import { conversationsOf } from '#application/conversations/conversations-of.ts';
import type { RecordStores } from '#application/repos.ts';
import { PreparedConversationReads } from '../conversations/conversation-reads.ts';
import { ThreadRowCache } from '../conversations/thread-row-cache.ts';
import { SqlJobQueue } from '../jobs/job-queue.ts';
import { Migrator } from '../migrator.ts';
import type { Pressure } from '../shared/pressure.ts';
import { storesOn } from '../stores.ts';
import { SequelizeUnitOfWork } from '../unit-of-work.ts';
import { openSqlite, type SqliteConnection, type Synchronous } from './connection.ts';
import { SqliteConversationWrites } from './conversation-writes.ts';
import { sqliteDriver } from './driver.ts';
import { FileLock } from './file-lock.ts';
import { PreparedStatements } from './prepared-statements.ts';
import { SqliteQueries } from './queries.ts';
import { QueuedStatements } from './queued-statements.ts';
import { SqliteThreadReads } from './thread-reads.ts';
import { immediate } from './transactions.ts';
import { WriterQueue } from './writer-queue.ts';

export type SqliteDatabaseOptions = Readonly<{
  /** Path of the file; its folder is made where it is missing. */
  file: string;
  synchronous: Synchronous;
  /** How long to wait for another process to let go of the file, in milliseconds; 0 unless told. */
  lockWaitMs?: number;
}>;

/** Only another process can be in the way, and the driver has waited for it. */
const RETRY = { attempts: 5, pauseMs: () => 0 };

/** An open SQLite file. The lock is held from `open` to `close`. */
export class SqliteDatabase {
  /** No other process can take the lock from us. */
  readonly holdsLock = true;
  /** For the models; nothing else speaks to Sequelize directly. */
  readonly sequelize: Sequelize;
  readonly unitOfWork: SequelizeUnitOfWork;
  readonly #lock: FileLock;
  readonly #writer;
  readonly #reader;
  readonly #queue: WriterQueue;
  readonly #threads = new ThreadRowCache();

  private constructor(options: SqliteDatabaseOptions, lock: FileLock) {
    this.#lock = lock;
    this.#writer = openSqlite(options);
    this.#reader = openSqlite(options);
    this.#queue = new WriterQueue(this.#writer);
    this.sequelize = sequelizeOn(options);
    const transact = immediate(this.#queue, this.sequelize, () => this.#threads.clear());
    this.unitOfWork = new SequelizeUnitOfWork({ sequelize: this.sequelize, transact, retry: RETRY });
  }

  /** Throws where the file cannot be opened, or another process holds it; the message says what to do. */
  static async open(options: SqliteDatabaseOptions): Promise<SqliteDatabase> {
    mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 });
    const lock = await FileLock.take(options.file, options.lockWaitMs ?? 0);
    try {
      return new SqliteDatabase(options, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  get pressure(): Pressure {
    return { queues: { writer: this.#queue.length }, connections: {} };
  }

  /** Whoever opened the file holds its lock, so no two migrators run at once. */
  migrator(folder: string): Migrator {
    return new Migrator({ sequelize: this.sequelize, folder });
  }

  /** The stores; their tables must be there when they are first used, so migrate first. */
  stores(): RecordStores {
    const [queue, threads] = [this.#queue, this.#threads];
    const statements = new PreparedStatements(this.#reader);
    const writing = new PreparedStatements(this.#writer);
    const queries = new SqliteQueries(statements);
    return storesOn(queries, {
      unitOfWork: this.unitOfWork,
      threads: new SqliteThreadReads({ statements, threads }),
      conversations: conversationsOf(
        new PreparedConversationReads(queries),
        new SqliteConversationWrites({ statements: writing, queue, threads }),
      ),
      jobQueue: new SqlJobQueue(new QueuedStatements({ statements: writing, queue })),
    });
  }

  /** Finishes what is queued, closes the file and lets go of the lock. */
  async close(): Promise<void> {
    await this.#queue.close();
    await this.sequelize.close();
    this.#reader.close();
    this.#writer.close();
    this.#lock.release();
  }
}

export function sequelizeOn(options: Pick<SqliteConnection, 'file' | 'synchronous' | 'readOnly'>): Sequelize {
  const driver = sqliteDriver(options);
  const sequelize = new Sequelize({
    dialect: 'sqlite',
    dialectModule: driver,
    storage: options.file,
    logging: false,
    // The driver sets its PRAGMAs itself, on every connection.
    ...{ foreignKeys: false },
    retry: { max: 1 },
  });
  // After a failed commit Sequelize gives the connection to a pool that its SQLite dialect does not use; it would stay
  // open, and hold the write lock with it.
  const connections = sequelize.connectionManager;
  const close = connections.close.bind(connections);
  Object.assign(connections, {
    destroyConnection: connections.releaseConnection,
    close: async () => {
      await close();
      driver.closeIdle();
    },
  });
  return sequelize;
}
