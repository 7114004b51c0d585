/** P9 crash-safe: a kill at any instant leaves the old or the new state, and everything that was acknowledged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { Backend } from '../support/backends/backend-names.ts';
import { onBackends } from '../support/backends/backends.ts';
import { ON_LASTING_RECORDS } from '../support/backends/record-stores.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Client, type Json, type Settings, sqliteSettings } from '../support/servers/server.ts';
import { createDatabase, dropDatabase } from '../support/servers/temporary-postgres.ts';

const THREADS = 3;
const WRITERS_PER_THREAD = 4;
/** Longest time from the first append to the kill, in milliseconds. */
const KILLED_WITHIN_MS = 250;

/** What the server said it had stored: content by seq. */
type Acknowledged = Map<number, string>;

/** Some of them short, some so long that they lead to a compaction at once. */
function contentOf(round: number, writer: number, n: number): string {
  const words = `Round ${round}, writer ${writer}, message ${n}: Keyleth casts Moonbeam and rolls ${(n % 20) + 1}. `;
  return words.repeat(n % 7 === 0 ? 20 : 3);
}

async function writeUntilKilled(
  client: Client,
  thread: string,
  acknowledged: Acknowledged,
  round: number,
  writer: number,
) {
  for (let n = 1; ; n += 1) {
    const content = contentOf(round, writer, n);
    try {
      const answer = await client.post(`/chat/${thread}`, { content });
      if (answer.status === 201) {
        expect(acknowledged.has(answer.body.message.seq), 'a seq was given twice').to.equal(false);
        acknowledged.set(answer.body.message.seq, content);
      } else {
        expect(answer.status, answer.text).to.equal(503);
      }
    } catch (error) {
      if (error instanceof TypeError) return; // The connection broke: the server is gone.
      throw error;
    }
  }
}

async function transcriptOf(client: Client, thread: string): Promise<readonly Json[]> {
  const items: Json[] = [];
  for (let after = 0; ; after = items.at(-1).seq) {
    const page = (await client.get(`/chat/${thread}/messages?limit=200&after=${after}`)).body;
    items.push(...page.items);
    if (page.next_cursor === null) return items;
  }
}

const seqsOf = (entry: Json): number[] =>
  entry.seqs ?? Array.from({ length: entry.to_seq - entry.from_seq + 1 }, (_, i) => entry.from_seq + i);

/** Every acknowledged message once, seqs without a gap, and a window that accounts for all of them at its size. */
async function checkThread(client: Client, thread: string, acknowledged: Acknowledged): Promise<void> {
  const transcript = await transcriptOf(client, thread);
  expect(transcript.map(({ seq }) => seq)).to.deep.equal(transcript.map((_, i) => i + 1));
  for (const [seq, content] of acknowledged) expect(transcript[seq - 1]?.content, `message ${seq}`).to.equal(content);
  expect(new Set(transcript.map(({ content }) => content)).size, 'a message is there twice').to.equal(
    transcript.length,
  );
  const { entries, usage } = (await client.get(`/chat/${thread}`)).body;
  const accounted = entries.flatMap(seqsOf).toSorted((a: number, b: number) => a - b);
  expect(accounted).to.deep.equal(transcript.map(({ seq }) => seq));
  const characters = entries.reduce((sum: number, { content }: Json) => sum + content.length, 0);
  expect(usage).to.include({
    approx_tokens: Math.floor(characters / 4),
    entry_count: entries.length,
    message_count: transcript.length,
  });
  expect(usage.usage_pct).to.be.below(80);
  const events = (await client.get(`/chat/${thread}/events?limit=200`)).body.items;
  expect(events.length).to.equal(Math.min(200, usage.revision));
}

/** The threads of all rounds, and what was acknowledged in each. */
type Talks = Map<string, Acknowledged>;

/** Starts new threads and appends to each from several sides, until the server is gone. */
async function talk(client: Client, talks: Talks, round: number): Promise<readonly Promise<void>[]> {
  const writers: Promise<void>[] = [];
  for (let i = 0; i < THREADS; i += 1) {
    const thread = (await client.post('/chat', {})).body.id;
    const acknowledged: Acknowledged = new Map();
    talks.set(thread, acknowledged);
    for (let writer = 0; writer < WRITERS_PER_THREAD; writer += 1) {
      writers.push(writeUntilKilled(client, thread, acknowledged, round, writer));
    }
  }
  return writers;
}

/** What a server is started with, and what removes all of it. */
type Place = Readonly<{ settings: Settings; remove: () => Promise<void> }>;

const PLACES: Readonly<Partial<Record<Backend, () => Promise<Place>>>> = {
  sqlite: sqliteSettings,
  postgres: async () => {
    const [files, DATABASE_URL] = [await sqliteSettings(), await createDatabase()];
    const remove = () => Promise.all([files.remove(), dropDatabase(DATABASE_URL)]);
    return { settings: { ...files.settings, DATABASE_URL }, remove: async () => void (await remove()) };
  },
};

onBackends('faults: kill -9', ON_LASTING_RECORDS, (backend) => {
  const kills = Math.ceil(rounds(200) / (backend === 'postgres' ? 4 : 1));
  let place: Place | undefined;
  let server: ServerProcess | undefined;

  before(async () => {
    place = await PLACES[backend]?.();
  });
  after(async () => {
    await server?.kill();
    await place?.remove();
  });

  it(`P9 crash-safe: loses no acknowledged message in ${kills} kills during parallel appends`, async function () {
    this.timeout(kills * 10_000);
    const settings = { ...place?.settings, CTX_MAX_TOKENS: '1000' };
    const talks: Talks = new Map();
    let cookie: string | null = null;
    for (let round = 1; round <= kills; round += 1) {
      server = await ServerProcess.startAgain(settings);
      const client = server.client();
      client.cookie = cookie;
      if (cookie === null) await client.signIn(ADMIN.login, ADMIN.password);
      cookie = client.cookie;
      for (const [thread, acknowledged] of [...talks].slice(-THREADS)) await checkThread(client, thread, acknowledged);
      const writers = await talk(client, talks, round);
      await sleep(Math.random() * KILLED_WITHIN_MS);
      await server.kill();
      await Promise.all(writers);
    }
    server = await ServerProcess.startAgain(settings);
    const client = server.client();
    client.cookie = cookie;
    for (const [thread, acknowledged] of talks) await checkThread(client, thread, acknowledged);
    expect([...talks.values()].reduce((sum, one) => sum + one.size, 0)).to.be.greaterThan(kills);
  });
});
