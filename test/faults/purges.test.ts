/** A kill while a deleted thread is removed: the next server goes on, and nothing of it stays in any table or index. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { onBackends } from '../support/backends/backends.ts';
import { ON_LASTING_RECORDS } from '../support/backends/record-stores.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Client } from '../support/servers/server.ts';
import { SqlPlace } from '../support/servers/sql-place.ts';
import { until } from '../support/until.ts';

const MESSAGES = 12_000;
/** Longest time from the start to the kill, in milliseconds; it takes longer until all is removed. */
const KILLED_WITHIN_MS = 300;
/** Within which everything is indexed, or removed. */
const WITHIN_MS = 60_000;
/** Who opens a file after a kill may have to wait until another has recovered it. */
const READER = { readOnly: true, timeout: 5_000 };

/** Long enough to be compacted. */
const fileOf = (messages: number) =>
  [
    { type: 'thread' },
    ...Array.from({ length: messages }, (_, i) => ({
      type: 'message',
      seq: i + 1,
      role: 'user',
      content: `${i + 1}: Keyleth casts Moonbeam and rolls ${(i % 20) + 1}. Nobody knows what comes after.`,
      pinned: i === 1,
    })),
  ]
    .map((line) => JSON.stringify(line))
    .join('\n');

async function imported(client: Client, messages: number): Promise<string> {
  const type = { 'Content-Type': 'application/x-ndjson' };
  const answer = await client.send('POST', '/chat/import', fileOf(messages), type);
  expect(answer.status, answer.text).to.equal(201);
  return answer.body.id;
}

/** How many rows name a thread, in the tables of the records and of the index. */
async function rowsOf({ folder, settings }: SqlPlace, thread: string): Promise<number> {
  const count = (tables: readonly string[]) =>
    `SELECT ${tables.map((table) => `(SELECT COUNT(*) FROM ${table} WHERE thread_id = '${thread}')`).join(' + ')}
      + (SELECT COUNT(*) FROM threads WHERE id = '${thread}') AS count`;
  const records = ['messages', 'pins', 'revisions', 'compactors'];
  const { DATABASE_URL: url = '' } = settings;
  if (url.startsWith('postgres')) {
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query(count([...records, 'search_documents', 'search_progress']));
    await client.end();
    return Number(rows[0].count);
  }
  using database = new DatabaseSync(join(folder, 'app.db'), READER);
  const index = join(folder, 'app.db.search');
  database.exec(`ATTACH '${index}' AS search`);
  return Number(database.prepare(count([...records, 'search.search_progress'])).get()?.count);
}

/** How many messages of all threads are in the index. */
async function indexed({ folder, settings }: SqlPlace): Promise<number> {
  const { DATABASE_URL: url = '' } = settings;
  if (url.startsWith('postgres')) {
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query('SELECT COUNT(*) AS count FROM search_documents');
    await client.end();
    return Number(rows[0].count);
  }
  const file = join(folder, 'app.db.search');
  // Made when the first message is to be indexed.
  if (!existsSync(file)) return 0;
  using database = new DatabaseSync(file, READER);
  const made = database.prepare("SELECT name FROM sqlite_master WHERE name = 'search_words_docsize'").get();
  if (made === undefined) return 0;
  return Number(database.prepare('SELECT COUNT(*) AS count FROM search_words_docsize').get()?.count);
}

onBackends('faults: kill -9 in a purge', ON_LASTING_RECORDS, (backend) => {
  const kills = Math.ceil(rounds(20) / (backend === 'postgres' ? 2 : 1));

  it(`leaves nothing of a deleted thread, and all of another, after ${kills} kills`, async function () {
    this.timeout(kills * 20_000 + 2 * WITHIN_MS);
    const place = await SqlPlace.create(backend);
    let server: ServerProcess | undefined;
    try {
      server = await ServerProcess.start(place.settings);
      const client = await server.client().signIn(ADMIN.login, ADMIN.password);
      const [stays, goes] = [await imported(client, 300), await imported(client, MESSAGES)];
      await until(async () => (await indexed(place)) === MESSAGES + 300, 'everything is indexed', WITHIN_MS);
      const exported = () => client.get(`/chat/${stays}/export?format=json`);
      const before = [(await exported()).text, await rowsOf(place, stays)];
      expect((await client.delete(`/chat/${goes}`)).status).to.equal(204);
      const left: number[] = [];
      for (let kill = 0; kill < kills; kill += 1) {
        await sleep(Math.random() * KILLED_WITHIN_MS);
        await server.kill();
        left.push(await rowsOf(place, goes));
        server = await ServerProcess.startAgain(place.settings);
      }
      expect(
        left.toSorted((a, b) => b - a),
        'nothing comes back',
      ).to.deep.equal(left);
      expect(left[0], 'the first kill came before the end').to.be.greaterThan(0);
      await until(async () => (await rowsOf(place, goes)) === 0, 'everything is removed', WITHIN_MS);
      await until(async () => (await indexed(place)) === 300, 'it is in no index', WITHIN_MS);
      const now = server.client();
      now.cookie = client.cookie;
      expect([(await now.get(`/chat/${stays}/export?format=json`)).text, await rowsOf(place, stays)]).to.deep.equal(
        before,
      );
    } finally {
      await server?.kill();
      await place.remove();
    }
  });
});
