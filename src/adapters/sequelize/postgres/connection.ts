/** Connects to PostgreSQL the one way this product uses it: the same settings and time limits on every connection. */
import pg from 'pg';

/** How long to wait for a free connection, or for a new one. */
const CONNECT_TIMEOUT_MS = 1_000;
/** How long a statement may take: with the wait for its connection, a request is refused within 3 s. */
const STATEMENT_TIMEOUT_MS = 1_500;
/** The server cancels a statement in time; where it says nothing at all, we stop listening. */
const SILENCE_TIMEOUT_MS = 1_800;
/** A process that hangs holds its row locks no longer than this. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;

/** Integers come as numbers: times and sizes are far below what a number holds. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number) => (oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid)),
};

/** For what requests do, which is short. */
export function connectionTo(url: string): pg.ClientConfig {
  return {
    ...maintenanceConnectionTo(url),
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: SILENCE_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
  };
}

/** For what may take its time: migrations, and locks that are held for long. */
export function maintenanceConnectionTo(url: string): pg.ClientConfig {
  return {
    connectionString: withSettings(url),
    application_name: 'tavernkeep',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types,
  };
}

/** Connects for one piece of work that may take its time. */
export async function withMaintenanceClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(maintenanceConnectionTo(url));
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A pool that outlives the server: a connection that breaks is dropped, and the next one who asks makes a new one. */
export function openPool(config: pg.ClientConfig, max: number): pg.Pool {
  const pool = new pg.Pool({ ...config, max });
  // Whoever is using the connection learns of it by the statement that fails; nobody else needs to.
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  return pool;
}

/**
 * Whatever the server's defaults are: statements outside units of work wait for each other instead of failing, and
 * quotes mean what Sequelize takes them to mean.
 */
function withSettings(url: string): string {
  const parsed = new URL(url);
  const given = parsed.searchParams.get('options') ?? '';
  const ours = '-c default_transaction_isolation=read\\ committed -c standard_conforming_strings=on';
  parsed.searchParams.set('options', `${given} ${ours}`.trim());
  return parsed.href;
}
