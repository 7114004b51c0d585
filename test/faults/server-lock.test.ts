/** A server that another one has taken the database from serves nobody until it has it back. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { onBackends } from '../support/backends/backends.ts';
import { ON_SQL_DATABASES } from '../support/backends/sql-databases.ts';
import { type Client, startTestServer, type TestServer } from '../support/servers/server.ts';
import { temporaryFolder } from '../support/servers/temporary-database.ts';
import { createDatabase, dropDatabase } from '../support/servers/temporary-postgres.ts';

const POLL_MS = 20;
const WITHIN_MS = 9_000;
const ONLY_POSTGRES = { ...ON_SQL_DATABASES, sqlite: { skip: 'nobody can take the lock of a file' } };

onBackends("the server's lock", ONLY_POSTGRES, () => {
  let url: string;
  let server: TestServer;
  let client: Client;
  let other: pg.Client;

  before(async () => {
    url = await createDatabase();
    server = await startTestServer({ DATABASE_URL: url, SPEED_DB_PATH: join(temporaryFolder(), 'speed.db') });
    client = await server.admin();
    other = new pg.Client({ connectionString: url });
    await other.connect();
  });
  after(async () => {
    await other?.end();
    await server?.close();
    if (url !== undefined) await dropDatabase(url);
  });

  /** Waits for the lock as another server would, and ends the connection that holds it. */
  async function takeOver(): Promise<void> {
    const { rows } = await other.query(`
      SELECT classid, objid, pid FROM pg_locks JOIN pg_database ON pg_database.oid = database
      WHERE locktype = 'advisory' AND datname = current_database()`);
    expect(rows).to.have.length(1);
    const [{ classid, objid, pid }] = rows;
    const taken = other.query(`SELECT pg_advisory_lock(${classid}, ${objid}::bigint::bit(32)::int)`);
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    await admin.query('SELECT pg_terminate_backend($1)', [pid]);
    await admin.end();
    await taken;
  }

  async function answered(status: number): Promise<void> {
    let last: number | undefined;
    for (const end = performance.now() + WITHIN_MS; performance.now() < end; await sleep(POLL_MS)) {
      last = (await client.get('/auth/me')).status;
      if (last === status) return;
    }
    throw new Error(`It answered ${last} to the last, and never ${status}.`);
  }

  it('makes reads, writes and readiness answer 503 while another server holds it, and 200 once it is free again', async () => {
    await takeOver();
    await answered(503);
    const refused = await client.post('/chat', {});
    expect(refused.body).to.include({ status: 503, code: 'store_unavailable' });
    expect(refused.body.detail).to.contain('Another server');
    expect((await client.get('/health/ready')).body.checks).to.deep.equal({
      database: 'held by another server',
      speed_layer: 'embedded',
    });
    expect((await client.get('/health/live')).status).to.equal(200);
    await other.query('SELECT pg_advisory_unlock_all()');
    await answered(200);
    expect((await client.post('/chat', {})).status).to.equal(201);
    expect((await client.get('/health/ready')).status).to.equal(200);
  });
});
