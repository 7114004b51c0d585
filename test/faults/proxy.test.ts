/** Three servers of one installation behind the proxy: one of them killed or stopped while clients go on. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import { aFernetKey } from '../support/builders/fernet-keys.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { OwnRedis } from '../support/servers/own-redis.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { HaProxy, withProxy } from '../support/servers/proxy.ts';
import { ADMIN, type Answer, type Client, type Json, type Settings } from '../support/servers/server.ts';
import { SqlPlace } from '../support/servers/sql-place.ts';
import { until } from '../support/until.ts';

const SERVERS = 3;
const THREADS = 3;
const WRITERS = 6;
const KILLS = rounds(50);
/** So long a client tries the same again before it gives up. */
const RETRIED_FOR_MS = 10_000;
const PAUSE_MS = 20;

const ALONE = { skip: 'several servers need PostgreSQL and Redis' };
const PLAN: Plan = {
  memory: ALONE,
  sqlite: ALONE,
  embedded: ALONE,
  postgres: 'run',
  redis: { skip: 'it is there too' },
};

/** As a client does that is told nothing, or that nobody knows: the same again, under the same key. */
async function insist(send: () => Promise<Answer>, onRetry: () => void): Promise<Answer> {
  const late = AbortSignal.timeout(RETRIED_FOR_MS);
  for (;;) {
    const answer = await send().catch((error: unknown) => {
      // The connection broke.
      if (error instanceof TypeError) return undefined;
      throw error;
    });
    if (answer !== undefined && ![409, 502, 503, 504].includes(answer.status)) return answer;
    if (answer?.status === 409) expect(answer.body.code, answer.text).to.equal('idempotency_in_flight');
    if (late.aborted) throw new Error(`It was refused to the last: ${answer?.text}`);
    onRetry();
    await sleep(PAUSE_MS);
  }
}

class Writers {
  /** What was acknowledged, by thread and seq. */
  readonly stored = new Map<string, Map<number, string>>();
  /** How often a request had to be sent again. */
  retries = 0;
  readonly #client: Client;
  #running: Promise<void>[] = [];
  #stopped = false;

  constructor(client: Client) {
    this.#client = client;
  }

  async start(): Promise<void> {
    for (let i = 0; i < THREADS; i += 1) this.stored.set((await this.#client.post('/chat', {})).body.id, new Map());
    const threads = [...this.stored];
    this.#running = Array.from({ length: WRITERS }, (_, writer) => this.#write(threads[writer % THREADS]!, writer));
  }

  get count(): number {
    return [...this.stored.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Every writer has stored something more, or its failure is thrown. */
  async goOn(): Promise<void> {
    const before = this.count;
    const failed = Promise.all(this.#running);
    while (this.count < before + WRITERS) await Promise.race([failed, sleep(PAUSE_MS)]);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #write([thread, stored]: [string, Map<number, string>], writer: number): Promise<void> {
    for (let n = 1; !this.#stopped; n += 1) {
      const content = `Writer ${writer}, message ${n}`;
      const key = { 'Idempotency-Key': `${thread}-${writer}-${n}` };
      const answer = await this.#insist(() => this.#client.post(`/chat/${thread}`, { content }, key));
      expect(answer.status, answer.text).to.equal(201);
      const { seq } = answer.body.message;
      expect(stored.has(seq), `seq ${seq} was given twice`).to.equal(false);
      stored.set(seq, content);
      const me = await this.#insist(() => this.#client.get('/auth/me'));
      expect(me.status, me.text).to.equal(200);
    }
  }

  #insist(send: () => Promise<Answer>): Promise<Answer> {
    return insist(send, () => {
      this.retries += 1;
    });
  }
}

withProxy('faults: several servers behind the proxy', () => {
  onBackends('an installation', PLAN, () => {
    let place: SqlPlace;
    let redis: OwnRedis;
    let proxy: HaProxy;
    let servers: ServerProcess[];
    let settings: Settings;

    before(async function () {
      this.timeout(180_000);
      place = await SqlPlace.create('postgres');
      redis = await OwnRedis.start();
      settings = { ...place.settings, REDIS_URL: redis.url, TRUST_PROXY: '1', FERNET_KEYS: aFernetKey() };
      servers = [];
      for (let i = 0; i < SERVERS; i += 1) servers.push(await ServerProcess.start(settings));
      proxy = await HaProxy.start(servers.map(({ url }) => url));
      await until(async () => (await proxy.client().get('/health/ready')).status === 200, 'a server is ready');
    });
    after(async () => {
      await proxy?.stop();
      for (const server of servers ?? []) await server.kill();
      await redis?.remove();
      await place?.remove();
    });

    const signIn = () => proxy.client().signIn(ADMIN.login, ADMIN.password);

    /** Ends one server, and starts another one in its place once clients have gone on without it. */
    async function replace(writers: Writers, index: number, end: (server: ServerProcess) => Promise<unknown>) {
      const server = servers[index]!;
      const { port } = new URL(server.url);
      await end(server);
      await writers.goOn();
      servers[index] = await ServerProcess.start({ ...settings, PORT: port });
      await writers.goOn();
    }

    /** Each acknowledged once, under its seq, with nothing between and nothing else. */
    async function check({ stored }: Writers, client: Client): Promise<void> {
      for (const [thread, acknowledged] of stored) {
        const items: Json[] = [];
        for (let after = 0, more = true; more; after = items.at(-1).seq) {
          const page = (await client.get(`/chat/${thread}/messages?limit=200&after=${after}`)).body;
          items.push(...page.items);
          more = page.next_cursor !== null;
        }
        const transcript = items.map(({ seq, content }): [number, string] => [seq, content]);
        expect(transcript).to.deep.equal([...acknowledged].toSorted(([a], [b]) => a - b));
        expect(transcript.map(([seq]) => seq)).to.deep.equal(transcript.map((_, i) => i + 1));
      }
    }

    it(`shows clients that try again no wrong outcome while one of ${SERVERS} is killed, ${KILLS} times`, async function () {
      this.timeout(60_000 + KILLS * 20_000);
      const client = await signIn();
      const writers = new Writers(client);
      await writers.start();
      for (let kill = 0; kill < KILLS; kill += 1) {
        await sleep(Math.random() * 100);
        await replace(writers, kill % SERVERS, (server) => server.kill());
      }
      await writers.stop();
      await check(writers, client);
    });

    it('needs no client to try again while one after another is stopped and started', async function () {
      this.timeout(120_000);
      const client = await signIn();
      const writers = new Writers(client);
      await writers.start();
      for (let index = 0; index < SERVERS; index += 1) {
        await replace(writers, index, async (server) => {
          server.signal('SIGTERM');
          expect(await server.end()).to.equal(0);
        });
      }
      await writers.stop();
      expect(writers.retries).to.equal(0);
      await check(writers, client);
    });

    it('holds a session and its end on each server, and tells whose address it began from', async () => {
      const client = proxy.client();
      expect((await client.post('/auth/login', ADMIN, { 'X-Forwarded-For': '203.0.113.7' })).status).to.equal(200);
      const { body } = await client.get('/auth/sessions');
      expect(body.items.find(({ current }: Json) => current)).to.include({ ip: '127.0.0.1' });
      const direct = servers.map((server) => Object.assign(server.client(), { cookie: client.cookie }));
      for (const one of direct) expect((await one.get('/auth/me')).status).to.equal(200);
      await client.post('/auth/logout');
      for (const one of direct) expect((await one.get('/auth/me')).status).to.equal(401);
    });
  });
});
