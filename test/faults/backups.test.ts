/** Backups while eight writers append, and backups and restores that are killed: whole, or not there at all. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { seqsOf } from '#domain/conversations/window.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { onBackends } from '../support/backends/backends.ts';
import { ON_SQL_DATABASES } from '../support/backends/sql-databases.ts';
import { aThreadOf } from '../support/builders/window-changes.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { backUp, backupsIn, Command, runCommand } from '../support/servers/command.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { checkKept, filesOf } from '../support/servers/secret-scan.ts';
import { ADMIN, type Client } from '../support/servers/server.ts';
import { SqlPlace } from '../support/servers/sql-place.ts';
import { temporaryFolder } from '../support/servers/temporary-database.ts';
import { until } from '../support/until.ts';

const THREADS = 4;
const WRITERS = 8;
const BACKUPS = Math.ceil(rounds(40) / 2);
const KILLS = Math.ceil(rounds(80) / 2);

/** What the server said it had stored, by thread and seq. */
type Acknowledged = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** Some of them so long that they lead to a compaction. */
function contentOf(writer: number, n: number): string {
  const words = `Writer ${writer}, message ${n}: Keyleth casts Moonbeam\u2028and rolls ${(n % 20) + 1}.\r\n`;
  return words.repeat(n % 7 === 0 ? 20 : 3);
}

class Writers {
  readonly acknowledged = new Map<string, Map<number, string>>();
  readonly #client: Client;
  #running: Promise<void>[] = [];
  #stopped = false;

  constructor(client: Client) {
    this.#client = client;
  }

  async start(): Promise<void> {
    for (let i = 0; i < THREADS; i += 1) {
      this.acknowledged.set((await this.#client.post('/chat', {})).body.id, new Map());
    }
    const threads = [...this.acknowledged];
    this.#running = Array.from({ length: WRITERS }, (_, writer) => this.#write(threads[writer % THREADS]!, writer));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #write([thread, stored]: [string, Map<number, string>], writer: number): Promise<void> {
    for (let n = 1; !this.#stopped; n += 1) {
      const content = contentOf(writer, n);
      const { status, body, text } = await this.#client.post(`/chat/${thread}`, { content });
      expect(status, text).to.equal(201);
      stored.set(body.message.seq, content);
    }
  }
}

/** Everything acknowledged, no gap, and windows and revisions that account for every message. */
async function checkRestored(place: SqlPlace, acknowledged: Acknowledged): Promise<void> {
  await place.use(async (database) => {
    const { conversations } = database.stores();
    for (const [thread, stored] of acknowledged) {
      const transcript = await conversations.messages(thread as ThreadId, { limit: 1_000_000 });
      expect(transcript.map(({ seq }) => seq)).to.deep.equal(transcript.map((_, i) => i + 1));
      for (const [seq, content] of stored) expect(transcript[seq - 1]?.content, `message ${seq}`).to.equal(content);
      const snapshot = await conversations.snapshot(thread as ThreadId);
      const seqs = snapshot?.entries.flatMap(seqsOf).toSorted((a, b) => a - b);
      expect(seqs).to.deep.equal(transcript.map(({ seq }) => seq));
      expect(snapshot?.thread.windowSize).to.equal(snapshot?.entries.reduce((sum, { size }) => sum + size, 0));
    }
  });
}

onBackends('faults: backups', ON_SQL_DATABASES, (backend) => {
  let place: SqlPlace;
  let backups: string;
  let others: SqlPlace[];
  let client: pg.Client;

  beforeEach(async () => {
    place = await SqlPlace.create(backend);
    backups = temporaryFolder();
    others = [];
    client = new pg.Client({ connectionString: place.settings.DATABASE_URL });
    if (backend === 'postgres') await client.connect();
  });
  afterEach(async () => {
    if (backend === 'postgres') await client.end();
    await Promise.all([place, ...others].map((one) => one.remove()));
  });

  async function anotherPlace(): Promise<SqlPlace> {
    const other = await SqlPlace.create(backend);
    others.push(other);
    return other;
  }

  it(`of ${BACKUPS} moments while ${WRITERS} writers append each restore all that was acknowledged before they began`, async function () {
    this.timeout(60_000 + BACKUPS * 30_000);
    const server = await ServerProcess.start({ ...place.settings, CTX_MAX_TOKENS: '1000' });
    const client = await server.client().signIn(ADMIN.login, ADMIN.password);
    const writers = new Writers(client);
    await writers.start();
    const taken: (readonly [path: string, before: Acknowledged])[] = [];
    for (let i = 0; i < BACKUPS; i += 1) {
      const before = new Map([...writers.acknowledged].map(([thread, stored]) => [thread, new Map(stored)]));
      taken.push([await backUp(place.settings, backups), before]);
    }
    await writers.stop();
    server.signal('SIGTERM');
    expect(await server.end()).to.equal(0);
    expect(backupsIn(backups)).to.have.length(BACKUPS);
    for (const [path, before] of taken) {
      checkKept(server.url, filesOf(path));
      const other = await anotherPlace();
      const { code, said } = await runCommand(other.settings, 'restore', path);
      expect(code, said).to.equal(0);
      await checkRestored(other, before);
    }
    const last = [...(taken.at(-1)?.[1].values() ?? [])].reduce((sum, { size }) => sum + size, 0);
    expect(last).to.be.greaterThan(BACKUPS * WRITERS);
  });

  const fill = (messages: number) => place.use((database) => aThreadOf(database.stores(), messages));

  /** Whether somebody who looks from outside sees a folder, a file or a schema of such a name. */
  async function isSeen(name: RegExp): Promise<boolean> {
    if (readdirSync(place.folder).some((file) => name.test(file))) return true;
    if (readdirSync(backups).some((folder) => name.test(folder))) return true;
    if (backend === 'sqlite') return false;
    return (await client.query('SELECT nspname FROM pg_namespace')).rows.some(({ nspname }) => name.test(nspname));
  }

  /** Starts a command and kills it: at the sight of what a step of it leaves, or at any moment. */
  async function killed(args: readonly string[], sight: RegExp | null, longestMs: number): Promise<void> {
    const command = new Command(place.settings, ...args);
    const over = command.end().then(() => true);
    if (sight === null) await sleep(Math.random() * longestMs);
    else await until(async () => (await isSeen(sight)) || Promise.race([over, false]), `${sight} is seen`, 30_000);
    await command.kill();
  }

  it(`killed ${KILLS} times leave a backup that is whole, or none, and the database as it was`, async function () {
    this.timeout(60_000 + KILLS * 20_000);
    await fill(200);
    const before = await place.rows();
    const longest = await durationOf(() => backUp(place.settings, backups));
    const whole = backupsIn(backups);
    for (let kill = 0; kill < KILLS; kill += 1) {
      const sight = new RegExp(`tavernkeep-(?!.*${whole[0]?.slice(-19)})`);
      await killed(['backup', backups], [sight, null][kill % 2] ?? null, longest);
      for (const folder of readdirSync(backups).filter((name) => name.startsWith('.'))) {
        rmSync(join(backups, folder), { recursive: true });
      }
    }
    expect(await place.rows()).to.deep.equal(before);
    for (const path of backupsIn(backups)) {
      const other = await anotherPlace();
      const { code, said } = await runCommand(other.settings, 'restore', path);
      expect(code, said).to.equal(0);
      expect(await other.rows()).to.deep.equal(before);
    }
  });

  it(`restored and killed ${KILLS} times leave the database as it was, or as it is restored`, async function () {
    this.timeout(60_000 + KILLS * 30_000);
    await fill(200);
    const restored = await place.rows();
    const backup = await backUp(place.settings, backups);
    const other = await anotherPlace();
    const longest = await durationOf(() => runCommand(other.settings, 'restore', backup));
    for (let kill = 0; kill < KILLS; kill += 1) {
      await fill(1);
      const before = await place.rows();
      await removeAside();
      await killed(['restore', backup, '--replace'], [/before.restore/, /restoring/, null][kill % 3] ?? null, longest);
      expect(JSON.stringify(await place.rows())).to.be.oneOf([before, restored].map((rows) => JSON.stringify(rows)));
    }
    const { code, said } = await runCommand(place.settings, 'restore', backup, '--replace');
    expect(code, said).to.equal(0);
    expect(await place.rows()).to.deep.equal(restored);
    expect(await isSeen(/restoring/)).to.equal(false);
  });

  /** What an earlier restore put aside, so that the next one's can be told from it. */
  async function removeAside(): Promise<void> {
    for (const name of readdirSync(place.folder).filter((file) => /before-restore|restoring/.test(file))) {
      rmSync(join(place.folder, name));
    }
    if (backend === 'sqlite') return;
    const { rows } = await client.query("SELECT nspname FROM pg_namespace WHERE nspname ~ 'before_restore|restoring'");
    for (const { nspname } of rows) await client.query(`DROP SCHEMA ${nspname} CASCADE`);
  }
});

async function durationOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
