/** Advisory locks: held by a connection of their own, so that they end even when the process is killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { maintenanceConnectionTo } from './connection.ts';

/** What is locked: each in its own schema, so that several Tavernkeeps may share a database. */
const LOCKS = { server: 0x7461_7600, migrator: 0x7461_7601, search: 0x7461_7602 } as const;
const SCHEMA = "hashtext(coalesce(current_schema(), ''))";

const RETRY_MS = 50;
const RETAKE_MS = 200;
/** PostgreSQL notices a moment late that the process before us is gone. */
const WAIT_MS = 1_000;

/** Runs `work` while no other migrator works in this schema; waits for its turn. */
export async function asOnlyMigrator<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = await connected(url);
  try {
    await client.query(`SELECT pg_advisory_lock(${LOCKS.migrator}, ${SCHEMA})`);
    return await work();
  } finally {
    await client.end();
  }
}

/**
 * Whether this process keeps the search index of this schema: whoever asked first does, until the connection ends. The
 * pool has one connection.
 */
export async function isSearchKeeper(pool: pg.Pool): Promise<boolean> {
  // Taken once more at each call, it would have to be released as often.
  const held = `SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
    AND classid = ${LOCKS.search}) OR pg_try_advisory_lock(${LOCKS.search}, ${SCHEMA}) AS held`;
  return (await pool.query<{ held: boolean }>(held)).rows[0]?.held === true;
}

/**
 * `exclusive`: for a server whose speed layer is its own, and for commands that change what servers rely on. `shared`:
 * for servers that share theirs; they keep out the former, and not each other.
 */
export type LockMode = 'exclusive' | 'shared';

const TRY: Readonly<Record<LockMode, string>> = {
  exclusive: 'pg_try_advisory_lock',
  shared: 'pg_try_advisory_lock_shared',
};

/** The servers' lock. Held from `take` until `release`; after an outage of PostgreSQL it is taken again. */
export class ServerLock {
  readonly #url: string;
  readonly #mode: LockMode;
  #client: pg.Client | undefined;
  #released = false;
  #lost = false;

  private constructor(url: string, mode: LockMode) {
    this.#url = url;
    this.#mode = mode;
  }

  /** Throws an error that says what to do where somebody holds it who stands in the way. */
  static async take(url: string, mode: LockMode): Promise<ServerLock> {
    const lock = new ServerLock(url, mode);
    for (const end = performance.now() + WAIT_MS; !(await lock.#try()); await sleep(RETRY_MS)) {
      if (performance.now() >= end) throw new Error(IN_USE);
    }
    return lock;
  }

  /** Whether another server took it while PostgreSQL was away. */
  get isLost(): boolean {
    return this.#lost;
  }

  /** Another object for each time that it is held exclusively without a gap; undefined while it is not. */
  get exclusiveTenure(): object | undefined {
    return this.#mode === 'exclusive' ? this.#client : undefined;
  }

  async release(): Promise<void> {
    this.#released = true;
    await this.#client?.end();
  }

  async #try(): Promise<boolean> {
    const client = await connected(this.#url);
    const sql = `SELECT ${TRY[this.#mode]}(${LOCKS.server}, ${SCHEMA}) AS taken`;
    const { rows } = await client.query<{ taken: boolean }>(sql);
    this.#lost = rows[0]?.taken !== true;
    if (this.#lost) {
      await client.end();
      return false;
    }
    this.#client = client;
    client.once('end', () => {
      this.#client = undefined;
      void this.#takeAgain();
    });
    return true;
  }

  async #takeAgain(): Promise<void> {
    while (!this.#released) {
      await sleep(RETAKE_MS, undefined, { ref: false });
      if (await this.#try().catch(() => false)) break;
    }
    if (this.#released) await this.#client?.end();
  }
}

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client(maintenanceConnectionTo(url));
  client.on('error', () => {});
  await client.connect();
  return client;
}

const IN_USE =
  'Another Tavernkeep process is using the database of DATABASE_URL, and one of the two needs it alone. Stop the servers first; several at once need REDIS_URL.';
