/** A kill in the midst of an import: nothing of it is seen, and nothing stays. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { PurgeThreads } from '#application/conversations/threads/purge-threads.ts';
import { onBackends } from '../support/backends/backends.ts';
import { ON_LASTING_RECORDS } from '../support/backends/record-stores.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Client, type Json } from '../support/servers/server.ts';
import { SqlPlace } from '../support/servers/sql-place.ts';

const MESSAGES = 3_000;
/** Longest time from the first byte to the kill, in milliseconds; most imports take longer. */
const KILLED_WITHIN_MS = 400;

const FILE = [
  { type: 'thread', format: 1, title: 'The Mine', message_count: MESSAGES },
  ...Array.from({ length: MESSAGES }, (_, i) => ({
    type: 'message',
    seq: i + 1,
    role: 'user',
    content: `${i + 1}: Keyleth casts Moonbeam and rolls ${(i % 20) + 1}.`,
    pinned: i === 1,
  })),
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('');

/** The id of the new thread; undefined where the server was gone before it could say so. */
async function importUntilKilled(client: Client): Promise<string | undefined> {
  try {
    const answer = await client.send('POST', '/chat/import', FILE, { 'Content-Type': 'application/x-ndjson' });
    expect(answer.status, answer.text).to.equal(201);
    return answer.body.id;
  } catch (error) {
    if (error instanceof TypeError) return undefined; // The connection broke.
    throw error;
  }
}

onBackends('faults: kill -9 in an import', ON_LASTING_RECORDS, (backend) => {
  const kills = Math.ceil(rounds(20) / (backend === 'postgres' ? 4 : 1));

  it(`leaves all of it or nothing, in ${kills} kills, and nothing stays of what nobody sees`, async function () {
    this.timeout(kills * 20_000);
    const place = await SqlPlace.create(backend);
    try {
      const imported = await killed(place, kills);
      const last = await ServerProcess.startAgain(place.settings);
      last.signal('SIGTERM');
      await last.end();
      const { shown, left } = await removedOnceOver(place);
      expect(shown).to.include.members(imported);
      expect(left).to.deep.equal({ threads: shown.length, messages: shown.length * MESSAGES, pins: shown.length });
    } finally {
      await place.remove();
    }
  });
});

/** The threads that the server said it had imported. */
async function killed(place: SqlPlace, kills: number): Promise<readonly string[]> {
  const imported: string[] = [];
  let cookie: string | null = null;
  for (let round = 1; round <= kills; round += 1) {
    const server = await ServerProcess.startAgain(place.settings);
    const client = server.client();
    client.cookie = cookie;
    if (cookie === null) await client.signIn(ADMIN.login, ADMIN.password);
    cookie = client.cookie;
    const { items } = (await client.get('/chat?limit=200')).body;
    expect(items.map(({ message_count: count }: Json) => count)).to.deep.equal(items.map(() => MESSAGES));
    const importing = importUntilKilled(client);
    await Promise.race([sleep(Math.random() * KILLED_WITHIN_MS), importing]);
    await server.kill();
    const id = await importing;
    if (id !== undefined) imported.push(id);
  }
  return imported;
}

/** What there is once the time of what was staged is over. */
function removedOnceOver(place: SqlPlace) {
  return place.use(async (database) => {
    const { unitOfWork, reads } = database.stores();
    const clock = { now: () => new Date(Date.now() + 3_600_000) };
    const contexts = { remove: async () => {} };
    await new PurgeThreads({ unitOfWork, reads, contexts, clock }).execute(new AbortController().signal);
    const rowsOf = async (table: string) => (await database.sequelize.query(`SELECT * FROM ${table}`))[0] as Json[];
    const [threads, messages, pins] = [await rowsOf('threads'), await rowsOf('messages'), await rowsOf('pins')];
    const left = { threads: threads.length, messages: messages.length, pins: pins.length };
    return { shown: threads.filter((one) => one.deleted_at === null).map(({ id }) => id), left };
  });
}
