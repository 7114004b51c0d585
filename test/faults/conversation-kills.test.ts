/**
 * P8 and P9 together: everything is done with one conversation at once, at three servers on PostgreSQL and Redis, or at
 * one on SQLite, while one of them is killed: at a named point of its work, or at random.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import { ON_LASTING_RECORDS } from '../support/backends/record-stores.ts';
import { aFernetKey } from '../support/builders/fernet-keys.ts';
import { Ledger } from '../support/invariants/ledger.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { BUDGET, ConversationTraffic, storedAt } from '../support/servers/conversation-traffic.ts';
import { ARM, crashingAt, POSTGRES_POINTS, SQLITE_POINTS } from '../support/servers/crash-points.ts';
import { Installation } from '../support/servers/installation.ts';
import { hasRedisProgram } from '../support/servers/own-redis.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Client, type Settings, sqliteSettings } from '../support/servers/server.ts';

const PLAN: Plan = { ...ON_LASTING_RECORDS, redis: { skip: 'with PostgreSQL' } };
const SERVERS = 3;
const KILLS = rounds(300);
/** Every so many kills one comes at random, so long after the beginning, in milliseconds. */
const RANDOM_EVERY = 4;
const KILLED_WITHIN_MS = 600;
/** It is killed when it comes to its point for so many times at most: by then something was acknowledged. */
const MAX_TIMES = 12;
/** A flush of the speed layer comes once a second. */
const MAX_FLUSHES = 2;
/** A server that works comes to each point long before, in milliseconds. */
const REACHED_WITHIN_MS = 90_000;

/** The servers that share one database, the first of which is killed. */
type Servers = Readonly<{
  /** Starts the first server. */
  start(settings: Settings): Promise<ServerProcess>;
  /** The same person at every server, the first of them first. */
  clients(): Promise<readonly Client[]>;
  remove(): Promise<void>;
}>;

async function oneOnSqlite(): Promise<Servers> {
  const { settings: files, remove } = await sqliteSettings();
  // With keys a server knows after a restart what came under an Idempotency-Key before. Each use of a session is
  // written.
  const settings = { ...files, ...BUDGET, FERNET_KEYS: aFernetKey(), SESSION_TOUCH_SECONDS: '0' };
  let server: ServerProcess | undefined;
  let cookie: string | null = null;
  return {
    start: async (more) => {
      server = await ServerProcess.start({ ...settings, ...more });
      return server;
    },
    clients: async () => {
      const client = server!.client();
      client.cookie = cookie;
      if (cookie === null) await client.signIn(ADMIN.login, ADMIN.password);
      cookie = client.cookie;
      return [client];
    },
    remove: async () => {
      await server?.kill();
      await remove();
    },
  };
}

async function severalOnPostgres(): Promise<Servers> {
  const installation = await Installation.start(SERVERS, BUDGET);
  const { client } = await installation.admin();
  await installation.servers[0]!.kill();
  return {
    start: async (more) => {
      installation.servers[0] = await ServerProcess.start({ ...installation.settings, ...more });
      return installation.servers[0];
    },
    clients: async () => Array.from({ length: SERVERS }, (_, server) => installation.at(server, client)),
    remove: () => installation.remove(),
  };
}

onBackends('Conversations while servers are killed', PLAN, (backend) => {
  const points = backend === 'postgres' ? POSTGRES_POINTS : SQLITE_POINTS;
  let servers: Servers | undefined;

  before(async function () {
    this.timeout(180_000);
    if (backend === 'postgres' && !hasRedisProgram()) return this.skip();
    servers = await (backend === 'postgres' ? severalOnPostgres() : oneOnSqlite());
  });
  after(() => servers?.remove());

  async function killAtRandom(server: ServerProcess): Promise<void> {
    await sleep(Math.random() * KILLED_WITHIN_MS);
    await server.kill();
  }

  /** The server kills itself. */
  async function killAt(point: string, server: ServerProcess): Promise<void> {
    server.signal(ARM);
    const reached = await Promise.race([
      server.end().then(() => true),
      sleep(REACHED_WITHIN_MS, false, { ref: false }),
    ]);
    if (!reached) await server.kill();
    expect(reached, `the server comes to "${point}"`).to.equal(true);
  }

  /** Checked at every server that there is. */
  async function check(ledger: Ledger, thread: string, clients: readonly Client[]): Promise<void> {
    for (const client of clients) ledger.check(await storedAt(client, thread));
  }

  it(`P8 concurrent, P9 crash-safe: lose, double and alter nothing in ${KILLS} kills`, async function () {
    this.timeout(60_000 + KILLS * 30_000);
    const first = Math.floor(Math.random() * points.length);
    let checking = async (_clients: readonly Client[]) => {};
    for (let kill = 0; kill < KILLS; kill += 1) {
      const isRandom = kill % RANDOM_EVERY === RANDOM_EVERY - 1;
      const point = points[(first + kill) % points.length]!;
      const maxTimes = point.startsWith('flush') ? MAX_FLUSHES : MAX_TIMES;
      const server = await servers!.start(isRandom ? {} : crashingAt(point, 1 + Math.floor(Math.random() * maxTimes)));
      const clients = await servers!.clients();
      await checking(clients);
      const ledger = new Ledger();
      const { id: thread } = (await clients[0]!.post('/chat', {})).body;
      const traffic = new ConversationTraffic(thread, ledger, clients);
      traffic.begin();
      await (isRandom ? killAtRandom(server) : killAt(point, server)).finally(() => traffic.end());
      await check(ledger, thread, clients.slice(1));
      checking = async (again) => {
        await check(ledger, thread, again);
        await traffic.settle(again.at(-1)!);
        await check(ledger, thread, again);
      };
    }
    await servers!.start({});
    await checking(await servers!.clients());
  });
});
