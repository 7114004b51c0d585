/** The index of messages, by a server that is killed while it makes it, and while it keeps it. */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { searchFilesOf } from '#adapters/sequelize/sqlite/search-file.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import type { SqlDatabase } from '../support/backends/sql-databases.ts';
import { aMessage, at } from '../support/builders/records.ts';
import { anAppendGuard } from '../support/builders/window-changes.ts';
import { Scraped } from '../support/metrics/scraped.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Client, type Json } from '../support/servers/server.ts';
import { SqlPlace } from '../support/servers/sql-place.ts';
import { until } from '../support/until.ts';

const THREADS = 8;
/** Of each thread: together three times what is searched without an index. */
const SAID_BEFORE = 750;
/** About as long as a step of the index takes, and as it waits between looks for what was said, in milliseconds. */
const STEP_MS = 60;
const INTERVAL_MS = 600;
/** Longest time until what is behind is indexed. */
const INDEXED_WITHIN_MS = 60_000;
/** It is in every message. */
const WORD = 'lantern';
/** So many others are in each, that the index takes a while to make. */
const WORDS = 100;
const WRITERS = 2;

function textOf(n: number): string {
  return [WORD, ...Array.from({ length: WORDS }, (_, i) => `word${(n * 7 + i) % 5_000}`)].join(' ');
}

const PLAN: Plan = {
  memory: { skip: 'memory has no index' },
  sqlite: 'run',
  embedded: { skip: 'the speed layer holds no records' },
  postgres: 'run',
  redis: { skip: 'the index is of the database' },
};

onBackends('faults: kill -9 of who keeps the search index', PLAN, (backend) => {
  // Each costs a start, twice over on two databases.
  const kills = Math.ceil(rounds(40) / 2);
  let place: SqlPlace;
  let server: ServerProcess | undefined;
  let client: Client;
  let threads: readonly ThreadId[];

  const search = async (query = `query=${WORD}&limit=1`): Promise<Json> =>
    (await client.get(`/chat/search?${query}`)).body;

  before(async () => {
    place = await SqlPlace.create(backend);
    await start();
    const { id } = (await client.get('/auth/me')).body.user;
    const started = await Promise.all(Array.from({ length: THREADS }, () => client.post('/chat', {})));
    threads = started.map(({ body }) => body.id);
    server?.signal('SIGTERM');
    await server?.end();
    await place.use((database) => Promise.all(threads.map((thread) => fill(database, thread, id))));
  });
  afterEach(() => server?.kill());
  after(() => place.remove());

  async function start(): Promise<void> {
    const cookie = client?.cookie;
    server = await ServerProcess.startAgain(place.settings);
    client = server.client();
    if (cookie === undefined) await client.signIn(ADMIN.login, ADMIN.password);
    else client.cookie = cookie;
  }

  async function fill(database: SqlDatabase, thread: ThreadId, authorId: UserId): Promise<void> {
    const { conversations, threads: found } = database.stores();
    const ifVersion = (await found.find(thread))?.version ?? 0;
    for (let n = 1; n <= SAID_BEFORE; n += 1) {
      const message = aMessage(thread, { content: textOf(n), authorId, size: 1, createdAt: at(n) });
      const after = await conversations.append(message, { ...anAppendGuard, ifVersion }, null);
      expect(after?.lastSeq).to.equal(n);
    }
  }

  /** Says more in a thread until the server is gone. */
  async function writeUntilKilled(thread: ThreadId, by: Client): Promise<void> {
    for (let n = 1; ; n += 1)
      try {
        await by.post(`/chat/${thread}`, { content: `${WORD} again ${n}` });
      } catch (error) {
        if (error instanceof TypeError) return; // The connection broke.
        throw error;
      }
  }

  /** Where every message is, by the transcripts. */
  async function placesOfAll(): Promise<readonly string[]> {
    const counts = await Promise.all(threads.map((thread) => client.get(`/chat/${thread}/context-usage`)));
    return counts.flatMap(({ body }, i) =>
      Array.from({ length: body.message_count }, (_, seq) => `${threads[i]}/${seq + 1}`),
    );
  }

  async function placesFound(): Promise<readonly string[]> {
    const found: string[] = [];
    for (let cursor = ''; ; ) {
      const { items, next_cursor: next } = await search(`query=${WORD}&limit=200${cursor}`);
      found.push(...items.map(({ thread_id, seq }: Json) => `${thread_id}/${seq}`));
      if (next === null) return found;
      cursor = `&cursor=${encodeURIComponent(next)}`;
    }
  }

  const unindexed = async () =>
    new Scraped(await (await fetch(`${server?.url}/metrics`)).text()).value('tavernkeep_search_unindexed_messages');

  /** Starts it, lets others write until what is waited for has come about, and kills it some time after that. */
  async function killDuring(withinMs: number, isTime: (now: Json, first: Json) => boolean): Promise<Json> {
    await start();
    const first = await search();
    const writers = threads.slice(0, WRITERS).map((thread) => writeUntilKilled(thread, client));
    const last = await until(async () => {
      const now = await search();
      return isTime(now, first) ? now : undefined;
    }, 'the moment of the kill');
    await sleep(Math.random() * withinMs);
    await server?.kill();
    await Promise.all(writers);
    return { first, last };
  }

  async function checkIndexed(): Promise<void> {
    await start();
    await search();
    await until(async () => (await unindexed()) === 0, 'everything is indexed', INDEXED_WITHIN_MS);
    const [all, found] = [await placesOfAll(), await placesFound()];
    expect(found.toSorted()).to.deep.equal(all.toSorted());
    expect(await search()).to.include({ messages: all.length, searched: all.length });
    server?.signal('SIGTERM');
    await server?.end();
    expect(await documents()).to.equal(all.length);
  }

  it(`goes on after each of ${kills} kills while it is made, misses and doubles nothing, and tells how far it is`, async function () {
    this.timeout(INDEXED_WITHIN_MS + kills * 15_000);
    let searched = 0;
    for (let round = 1; round <= kills; round += 1) {
      const { first, last } = await killDuring(
        STEP_MS,
        (now, before) => now.searched > before.searched || now.searched === now.messages,
      );
      expect(first.searched, 'what was indexed is lost').to.be.at.least(searched);
      if (round === 1) expect(last.searched, 'it was made before it was killed').to.be.below(last.messages);
      searched = last.searched;
    }
    await checkIndexed();
  });

  it(`goes on after each of ${kills} kills while it follows what is said, and misses and doubles nothing`, async function () {
    this.timeout(INDEXED_WITHIN_MS + kills * 15_000);
    for (let round = 1; round <= kills; round += 1) {
      const { last } = await killDuring(INTERVAL_MS, (now, first) => now.messages > first.messages);
      expect(last.searched).to.equal(last.messages);
    }
    await checkIndexed();
  });

  /** How many messages the index has. */
  async function documents(): Promise<number> {
    const { DATABASE_URL: url = '' } = place.settings;
    if (backend === 'sqlite') return documentsOfFile(url.replace('sqlite:', ''));
    return place.use(async ({ sequelize }) => {
      const [rows] = await sequelize.query('SELECT count(*)::integer AS count FROM search_documents');
      return (rows as readonly { count: number }[])[0]?.count ?? 0;
    });
  }

  function documentsOfFile(file: string): number {
    const index = new DatabaseSync(searchFilesOf(file)[0] ?? '');
    try {
      index.exec("INSERT INTO search_words (search_words) VALUES ('integrity-check')");
      return Number(index.prepare('SELECT count(*) AS count FROM search_words_docsize').get()?.count);
    } finally {
      index.close();
    }
  }
});
