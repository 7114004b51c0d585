/**
 * PostgreSQL goes away under traffic, in every way that it can: refused in time, back by itself, and nothing
 * acknowledged is lost.
 */
import { expect } from 'chai';
import pg from 'pg';
import { rounds } from '../support/reporting/rounds.ts';
import { PostgresCluster, withOwnPostgres } from '../support/servers/postgres-cluster.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Answer, type Client, type Settings, sqliteSettings } from '../support/servers/server.ts';
import { expectUnavailable, inTime, Traffic } from '../support/servers/traffic.ts';
import { until } from '../support/until.ts';

const WRITERS = 6;
/** Fewer than the server has connections for, so that others can take them all. */
const MAX_CONNECTIONS = 16;

withOwnPostgres('faults: the server during outages of PostgreSQL', function () {
  this.timeout(rounds(20) * 20_000);
  let cluster: PostgresCluster;
  let settings: Settings;
  let remove: () => Promise<void>;
  let server: ServerProcess;
  let client: Client;

  before(async () => {
    cluster = await PostgresCluster.start(MAX_CONNECTIONS);
    const files = await sqliteSettings();
    settings = { ...files.settings, DATABASE_URL: cluster.url };
    remove = files.remove;
  });
  after(async () => {
    await cluster.remove();
    await remove();
  });
  beforeEach(async () => {
    server = await ServerProcess.start(settings);
    client = await server.client().signIn(ADMIN.login, ADMIN.password);
  });
  afterEach(async () => {
    await server.kill();
    // What a killed server leaves would free connections in the middle of the next test.
    const left = `SELECT COUNT(*) AS count FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`;
    await until(async () => (await asked(left).catch(() => null)) === '0', 'its connections are gone');
  });

  /** The `count` that PostgreSQL answers. */
  async function asked(sql: string): Promise<string> {
    const one = new pg.Client({ connectionString: cluster.url });
    one.on('error', () => {});
    await one.connect();
    const { rows } = await one.query(sql).finally(() => one.end());
    return rows[0].count;
  }

  /** Takes every connection that PostgreSQL has left. */
  async function allConnections(): Promise<readonly pg.Client[]> {
    const taken: pg.Client[] = [];
    for (;;) {
      const one = new pg.Client({ connectionString: cluster.url });
      one.on('error', () => {});
      try {
        await one.connect();
      } catch {
        return taken;
      }
      taken.push(one);
    }
  }

  const ready = () => inTime(client.get('/health/ready'));

  /** The process lives, says that it is not ready, and says nothing that is no log line. */
  async function checkAway(): Promise<void> {
    expect((await inTime(client.get('/health/live'))).status).to.equal(200);
    const answer = await ready();
    expect([answer.status, answer.body.checks]).to.deep.equal([503, { database: 'away', speed_layer: 'embedded' }]);
    for (const path of ['/chat', '/admin/roles'])
      expect((await inTime(client.get(path))).body).to.include({ status: 503, code: 'store_unavailable' });
  }

  async function checkNormal(traffic: Traffic): Promise<void> {
    await traffic.normal();
    await traffic.stop();
    expect((await ready()).body.checks).to.deep.include({ database: 'postgres' });
    for (const line of server.output.trim().split('\n')) expect(() => JSON.parse(line), line).not.to.throw();
  }

  for (const mode of ['fast', 'immediate'] as const) {
    it(`refuses requests while PostgreSQL is stopped (${mode}), and recovers without a restart, ${rounds(20)} times`, async () => {
      const traffic = new Traffic(client);
      await traffic.start(WRITERS);
      for (let round = 1; round <= rounds(20); round += 1) {
        await cluster.stop(mode);
        await traffic.refused();
        if (round === 1) await checkAway();
        await cluster.start();
        await traffic.normal();
      }
      await checkNormal(traffic);
    });

    it(`recovers after PostgreSQL is restarted (${mode}) without a pause, ${rounds(20)} times`, async () => {
      const traffic = new Traffic(client);
      await traffic.start(WRITERS);
      for (let round = 1; round <= rounds(20); round += 1) {
        await cluster.stop(mode);
        await cluster.start();
        await traffic.normal();
      }
      await checkNormal(traffic);
    });
  }

  it('serves or refuses each request while PostgreSQL is out of connections, and recovers afterwards', async () => {
    const taken = await allConnections();
    const thread = (await client.post('/chat', {})).body.id;
    // Appends share the connections that there are; reads ask for one each.
    const burst = () =>
      Array.from({ length: 40 }, (_, i) =>
        inTime(
          i % 2 === 0
            ? client.post(`/chat/${thread}`, { content: `Line ${i}` })
            : client.get(`/chat/${thread}/messages`),
        ),
      );
    const answers: Answer[] = [];
    // Where we are slow to ask, the few connections that it has may do for a burst.
    for (let count = 0; count < 20 && answers.every(({ status }) => status !== 503); count += 1)
      answers.push(...(await Promise.all(burst())));
    await Promise.all(taken.map((one) => one.end()));
    for (const answer of answers.filter(({ status }) => status !== 201 && status !== 200)) expectUnavailable(answer);
    expect(answers.some(({ status }) => status === 503)).to.equal(true);
    const traffic = new Traffic(client);
    await traffic.start(WRITERS);
    await checkNormal(traffic);
    const stored = (await client.get(`/chat/${thread}`)).body.usage.message_count;
    expect(stored).to.be.at.least(answers.filter(({ status }) => status === 201).length);
  });

  it('refuses requests in time while PostgreSQL is paused, and recovers when it resumes', async () => {
    const traffic = new Traffic(client);
    await traffic.start(WRITERS);
    await cluster.signal('SIGSTOP');
    await traffic.refused();
    await checkAway();
    await cluster.signal('SIGCONT');
    await checkNormal(traffic);
  });

  it('exits with 1 if PostgreSQL is unreachable at the start, and names DATABASE_URL without its password', async () => {
    const DATABASE_URL = 'postgres://tavernkeep:hunter2@127.0.0.1:1/tavernkeep';
    const refused = new ServerProcess({ ...settings, DATABASE_URL });
    expect(await refused.end()).to.equal(1);
    expect(refused.output)
      .to.match(/DATABASE_URL: .*ECONNREFUSED.*Start PostgreSQL/)
      .and.not.to.match(/hunter2|\n\s+at /);
  });

  it('exits with 1 beside a running server, and starts in place of one that was killed', async () => {
    const second = new ServerProcess({ ...settings, SPEED_DB_PATH: `${settings.SPEED_DB_PATH}-second` });
    expect(await second.end()).to.equal(1);
    expect(second.output).to.match(/Another Tavernkeep process .* several at once need REDIS_URL/);
    expect((await ready()).status).to.equal(200);
    await server.kill();
    server = await ServerProcess.start(settings);
  });

  it('still excludes a second server after an outage', async () => {
    await cluster.stop('immediate');
    await cluster.start();
    await until(async () => (await ready()).status === 200, 'the server is ready again', 25_000);
    const second = new ServerProcess({ ...settings, SPEED_DB_PATH: `${settings.SPEED_DB_PATH}-second` });
    expect(await second.end()).to.equal(1);
    expect((await ready()).status).to.equal(200);
  });
});
