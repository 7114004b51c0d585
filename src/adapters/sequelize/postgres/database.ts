/** A PostgreSQL database as the store of everything that must survive. */
import pg from 'pg';
import { Sequelize } from 'sequelize';
import { conversationsOf } from '#application/conversations/conversations-of.ts';
import type { RecordStores } from '#application/repos.ts';
import { PreparedConversationReads } from '../conversations/conversation-reads.ts';
import { SqlJobQueue } from '../jobs/job-queue.ts';
import { Migrator } from '../migrator.ts';
import type { Pressure } from '../shared/pressure.ts';
import { storesOn } from '../stores.ts';
import { SequelizeUnitOfWork } from '../unit-of-work.ts';
import { asOnlyMigrator, type LockMode, ServerLock } from './advisory-lock.ts';
import { connectionTo, maintenanceConnectionTo, openPool } from './connection.ts';
import { PostgresConversationWrites } from './conversation-writes.ts';
import { KnownThreads } from './known-threads.ts';
import { PostgresQueries } from './queries.ts';
import { PostgresThreadReads } from './thread-reads.ts';
import { serializable } from './transactions.ts';

export type PostgresDatabaseOptions = Readonly<{
  /** `postgres://user:password@host:port/database`. */
  url: string;
  /** How to hold the servers' lock; without it, the database is opened beside whoever holds it. */
  lock?: LockMode;
}>;

/** Connections of one process. PostgreSQL has a hundred unless told otherwise. */
const CONNECTIONS = 10;

/**
 * After so many conflicts in a row the caller is told to come back; works in each other's way draw lots for who goes
 * first.
 */
const RETRY = { attempts: 20, pauseMs: (attempt: number) => Math.random() * Math.min(100, 2 ** attempt) };

export class PostgresDatabase {
  /** For the models; nothing else speaks to Sequelize directly. */
  readonly sequelize: Sequelize;
  readonly unitOfWork: SequelizeUnitOfWork;
  readonly #url: string;
  readonly #lock: ServerLock | undefined;
  readonly #pool: pg.Pool;
  readonly #maintenancePool: pg.Pool;
  readonly #threads: KnownThreads;
  readonly #writes: PostgresConversationWrites;

  private constructor(url: string, lock: ServerLock | undefined) {
    this.#url = url;
    this.#lock = lock;
    this.#threads = new KnownThreads(() => lock?.exclusiveTenure);
    this.#pool = openPool(connectionTo(url), CONNECTIONS);
    this.#writes = new PostgresConversationWrites(this.#pool, this.#threads);
    this.#maintenancePool = openPool(maintenanceConnectionTo(url), 1);
    this.sequelize = sequelizeOn(this.#pool);
    const transact = serializable(this.#pool, this.sequelize, () => this.#threads.clear());
    this.unitOfWork = new SequelizeUnitOfWork({ sequelize: this.sequelize, transact, retry: RETRY });
  }

  /** Throws the driver's error where the server cannot be reached; in words where it cannot be used. */
  static async open({ url, lock }: PostgresDatabaseOptions): Promise<PostgresDatabase> {
    const database = new PostgresDatabase(url, lock && (await ServerLock.take(url, lock)));
    try {
      await checkUsable(database.#pool);
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** False where somebody else took our place during an outage. */
  get holdsLock(): boolean {
    return this.#lock?.isLost !== true;
  }

  get pressure(): Pressure {
    const { totalCount, idleCount: idle, waitingCount: pool } = this.#pool;
    return { queues: { appends: this.#writes.waiting, pool }, connections: { busy: totalCount - idle, idle } };
  }

  /** Migrates on a connection without time limits, one process at a time. */
  migrator(folder: string): Migrator {
    return new Migrator({
      sequelize: sequelizeOn(this.#maintenancePool),
      folder,
      exclusively: (work) => asOnlyMigrator(this.#url, work),
    });
  }

  /** The stores; their tables must be there, so migrate first. */
  stores(): RecordStores {
    const queries = new PostgresQueries(this.#pool, { readOnly: true });
    return storesOn(queries, {
      unitOfWork: this.unitOfWork,
      threads: new PostgresThreadReads(queries, this.#threads),
      conversations: conversationsOf(new PreparedConversationReads(queries), this.#writes),
      jobQueue: new SqlJobQueue(new PostgresQueries(this.#pool)),
    });
  }

  /** Finishes what is under way, closes every connection and lets go of the lock. */
  async close(): Promise<void> {
    await this.#pool.end();
    await this.#maintenancePool.end();
    await this.#lock?.release();
  }
}

type SequelizeConnection = pg.PoolClient & { _invalid?: boolean };

/** Sequelize on a pool that others use too: models and prepared statements share its connections and time limits. */
function sequelizeOn(pool: pg.Pool): Sequelize {
  const sequelize = new Sequelize({
    dialect: 'postgres',
    dialectModule: pg,
    logging: false,
    retry: { max: 1 },
    // It need not ask: what it does differently for older servers does not concern us.
    ...{ databaseVersion: '13.0.0' },
  });
  Object.assign(sequelize.connectionManager, {
    getConnection: () => pool.connect(),
    // Sequelize marks a connection that it no longer trusts.
    releaseConnection: (connection: SequelizeConnection) => connection.release(connection._invalid === true),
    destroyConnection: (connection: SequelizeConnection) => connection.release(true),
  });
  return sequelize;
}

/** What we are given must come back byte for byte. */
async function checkUsable(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ server_encoding: string }>('SHOW server_encoding');
  if (rows[0]?.server_encoding !== 'UTF8')
    throw new Error('DATABASE_URL: the database is not encoded in UTF8. Create one with ENCODING UTF8.');
}
