/**
 * A conversation is followed at two servers that are killed, and while Redis is away: nothing is missed or told twice.
 */
import { expect } from 'chai';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import { aFernetKey } from '../support/builders/fernet-keys.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { EventStream } from '../support/servers/event-stream.ts';
import { hasRedisProgram, OwnRedis } from '../support/servers/own-redis.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Client, type Settings } from '../support/servers/server.ts';
import { createDatabase, dropDatabase, templateDatabase } from '../support/servers/temporary-postgres.ts';
import { until } from '../support/until.ts';

const ALONE = { skip: 'several servers need PostgreSQL and Redis' };
const PLAN: Plan = { memory: ALONE, sqlite: ALONE, embedded: ALONE, redis: ALONE, postgres: 'run' };
/** Two refreshes of the streams, and a retry of a connection. */
const WITHIN_MS = 20_000;

/** A client that connects again, to the other server, whenever its connection is over. */
class Reader {
  readonly seqs: number[] = [];
  /** The server that it is connected to; undefined while it is on its way. */
  at: number | undefined;
  #isDone = false;
  #stream: EventStream | undefined;
  #lastEventId = '';

  constructor(servers: () => readonly ServerProcess[], client: Client, thread: string) {
    void this.#read(servers, client, thread);
  }

  close(): void {
    this.#isDone = true;
    this.#stream?.leave();
  }

  async #read(servers: () => readonly ServerProcess[], client: Client, thread: string): Promise<void> {
    for (let n = 0; !this.#isDone; n += 1) {
      const server = servers()[n % 2] as ServerProcess;
      const headers = { 'Last-Event-ID': this.#lastEventId === '' ? '0.0' : this.#lastEventId };
      const stream = await EventStream.open(server.url, client, thread, headers).catch(() => undefined);
      if (stream === undefined) continue;
      this.#stream = stream;
      this.at = n % 2;
      await stream.over;
      this.at = undefined;
      this.seqs.push(...stream.seqs);
      this.#stream = undefined;
      if (stream.lastEventId !== '') this.#lastEventId = stream.lastEventId;
    }
  }

  /** What was told so far, on the present connection too. */
  get all(): readonly number[] {
    return [...this.seqs, ...(this.#stream?.seqs ?? [])];
  }
}

onBackends('Streams of two servers', PLAN, () => {
  let redis: OwnRedis;
  let url: string;
  let settings: Settings;
  let servers: ServerProcess[];
  let admin: Client;
  let thread: string;

  before(async function () {
    this.timeout(60_000);
    if (!hasRedisProgram()) return this.skip();
    redis = await OwnRedis.start('--appendonly', 'yes', '--appendfsync', 'always');
    url = await createDatabase(await templateDatabase());
    settings = { DATABASE_URL: url, REDIS_URL: redis.url, FERNET_KEYS: aFernetKey() };
    servers = [await ServerProcess.start(settings), await ServerProcess.start(settings)];
    admin = await servers[0]!.client().signIn(ADMIN.login, ADMIN.password);
  });
  after(async () => {
    for (const server of servers ?? []) await server.kill();
    await redis?.remove();
    if (url !== undefined) await dropDatabase(url);
  });
  beforeEach(async () => {
    thread = (await at(0).post('/chat', {})).body.id;
  });

  function at(server: number, client = admin): Client {
    const same = servers[server]!.client();
    same.cookie = client.cookie;
    same.bearer = client.bearer;
    return same;
  }
  const say = (server: number, content: string) => at(server).post(`/chat/${thread}`, { content });
  const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

  it(`tell at one what is said at the other, and go on at the other after a kill, ${rounds(20)} times`, async function () {
    this.timeout(rounds(20) * 20_000);
    const reader = new Reader(() => servers, admin, thread);
    try {
      let said = 0;
      for (let round = 0; round < rounds(20); round += 1) {
        for (let n = 0; n < 5; n += 1) {
          said += 1;
          expect((await say(n % 2, `${said}`)).status).to.equal(201);
        }
        await until(() => reader.all.length === said, 'everything was told', WITHIN_MS);
        const killed = await until(() => reader.at !== undefined && `${reader.at}`, 'the reader is connected').then(
          Number,
        );
        await servers[killed]!.kill();
        // Said while the reader is on its way to where it goes on.
        said += 1;
        expect((await say(1 - killed, `${said}`)).status).to.equal(201);
        servers[killed] = await ServerProcess.start(settings);
      }
      await until(() => reader.all.length >= said, 'everything was told', WITHIN_MS);
      expect(reader.all).to.deep.equal(numbers(said));
    } finally {
      reader.close();
    }
  });

  it('end at one what was ended at the other', async () => {
    const client = await servers[0]!.client().signIn(ADMIN.login, ADMIN.password);
    const stream = await EventStream.open(servers[1]!.url, client, thread);
    await stream.has(1, 'usage');
    await at(0, client).post('/auth/logout');
    expect(await stream.over).to.equal('ended');
    await say(0, 'Not for you.');
    expect(stream.seqs).to.deep.equal([]);
  });

  it('tell by token what is said while Redis is away, hold what is followed by session, and then tell everything', async function () {
    this.timeout(60_000);
    const bearer = servers[0]!.client();
    bearer.bearer = (await at(0).post('/auth/tokens', { name: 'a', scopes: ['chat.use'] })).body.token;
    const byToken = await EventStream.open(servers[1]!.url, bearer, thread);
    const bySession = await EventStream.open(servers[1]!.url, admin, thread);
    await byToken.has(1, 'usage');
    await bySession.has(1, 'usage');
    await redis.kill();
    const append = async (content: string) => (await at(0, bearer).post(`/chat/${thread}`, { content })).status;
    for (const n of [1, 2, 3]) expect(await append(`${n}`)).to.equal(201);
    await until(() => byToken.seqs.length === 3, 'what is said is told by token', WITHIN_MS);
    expect(bySession.seqs).to.deep.equal([]);
    await redis.start();
    await until(() => bySession.seqs.length === 3, 'what was missed is told by session', WITHIN_MS);
    expect(await append('4')).to.equal(201);
    for (const stream of [byToken, bySession]) {
      await until(() => stream.seqs.length === 4, 'all is as before', WITHIN_MS);
      expect(stream.seqs).to.deep.equal(numbers(4));
      expect(stream.of('reset')).to.deep.equal([]);
      stream.leave();
    }
  });
});
