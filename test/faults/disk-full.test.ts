/**
 * The disk of the records is full under traffic: refused in time, nothing by halves, and well again without a restart.
 */
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { OwnRedis } from '../support/servers/own-redis.ts';
import { PostgresCluster, withOwnPostgres } from '../support/servers/postgres-cluster.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, sqliteSettings } from '../support/servers/server.ts';
import { SmallDisk } from '../support/servers/small-disk.ts';
import { expectUnavailable, inTime, Traffic } from '../support/servers/traffic.ts';

const WRITERS = 6;
const ROUNDS = 3;

/** Fails where an answer is late or a message that was acknowledged is lost, doubled or altered. */
async function checkFullDisk(server: ServerProcess, disk: SmallDisk): Promise<void> {
  const client = await server.client().signIn(ADMIN.login, ADMIN.password);
  const thread = (await client.post('/chat', {})).body.id;
  const traffic = new Traffic(client);
  await traffic.start(WRITERS);
  for (let round = 1; round <= ROUNDS; round += 1) {
    disk.fill();
    await traffic.refused();
    expect((await inTime(client.get('/health/live'))).status).to.equal(200);
    for (const path of [`/chat/${thread}`, '/chat', '/auth/me'])
      expect((await inTime(client.get(path))).status, path).to.equal(200);
    disk.makeRoom();
    await traffic.normal();
  }
  await traffic.stop();
  for (const line of server.output.trim().split('\n')) expect(() => JSON.parse(line), line).not.to.throw();
}

describe('faults: the server while the disk of SQLite is full', function () {
  this.timeout(120_000);
  let disk: SmallDisk;
  let server: ServerProcess;
  let remove: () => Promise<void>;

  beforeEach(async function () {
    disk = SmallDisk.mount() ?? this.skip();
    const files = await sqliteSettings();
    remove = files.remove;
    server = await ServerProcess.start({ ...files.settings, DATABASE_URL: `sqlite:${join(disk.folder, 'app.db')}` });
  });
  afterEach(async () => {
    await server?.kill();
    await remove?.();
    disk?.remove();
  });

  it('refuses appends, goes on with reads, and loses nothing that was acknowledged', () => checkFullDisk(server, disk));

  it('stores nothing of a long message, and takes it when there is room', async () => {
    const client = await server.client().signIn(ADMIN.login, ADMIN.password);
    const thread = (await client.post('/chat', {})).body.id;
    const content = 'A long tale. '.repeat(2_000);
    disk.fill();
    for (let n = 0; n < 5; n += 1) expectUnavailable(await inTime(client.post(`/chat/${thread}`, { content })));
    expect((await client.get(`/chat/${thread}/messages`)).body.items).to.deep.equal([]);
    disk.makeRoom();
    expect((await client.post(`/chat/${thread}`, { content })).body.message.seq).to.equal(1);
  });
});

withOwnPostgres('faults: the server while the disk of PostgreSQL is full, beside Redis', function () {
  this.timeout(120_000);
  let disk: SmallDisk;
  let cluster: PostgresCluster;
  let redis: OwnRedis;
  let server: ServerProcess;

  before(async function () {
    disk = SmallDisk.mount() ?? this.skip();
    [cluster, redis] = await Promise.all([PostgresCluster.start(), OwnRedis.start()]);
    server = await ServerProcess.start({ DATABASE_URL: cluster.url, REDIS_URL: redis.url });
    await moveMessages(cluster.url, disk);
  });
  after(async () => {
    await server?.kill();
    await redis?.remove();
    await cluster?.remove();
    disk?.remove();
  });

  it('refuses appends, goes on with reads, and loses nothing that was acknowledged', () => checkFullDisk(server, disk));
});

/** Only they are on the small disk: a server whose journal is full ends. */
async function moveMessages(url: string, disk: SmallDisk): Promise<void> {
  disk.giveTo('postgres');
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE TABLESPACE small LOCATION '${disk.folder}'`);
  await admin.query('ALTER TABLE messages SET TABLESPACE small');
  await admin.end();
}
