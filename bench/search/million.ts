/** A million messages of two hundred threads, made of real transcripts and inserted past the use cases. */
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { playTranscripts } from '../../test/support/builders/transcripts.ts';
import { randomOf } from '../fidelity/random.ts';

export const THREADS = 200;
const ROWS_PER_STATEMENT = 5_000;
const BEGINNING = Date.UTC(2026, 0, 1);

type Row = readonly [threadId: string, seq: number, id: string, content: string, createdAt: number];

export const threadIdOf = (thread: number): string => `thr_${String(thread).padStart(6, '0')}`;

/** Threads take turns, as they would over time. */
function* rowsOf(messages: number): Iterable<Row> {
  const lines = playTranscripts().flatMap((transcript) => transcript.lines.map(({ content }) => content));
  const perThread = Math.ceil(messages / THREADS);
  for (let i = 0; i < messages; i++) {
    const [thread, seq] = [i % THREADS, Math.floor(i / THREADS) + 1];
    // Each thread is at another place of the transcripts.
    const text = lines[(thread * perThread + seq) % lines.length] as string;
    yield [threadIdOf(thread), seq, `msg_${i}`, text, BEGINNING + i * 1_000];
  }
}

const THREAD_COLUMNS = `id, owner_id, workspace_id, title, created_at, last_message_at, archived, version, last_seq, revision,
  window_size, window_entries, estimator`;

function threadValues(owner: string, thread: number, messages: number): readonly unknown[] {
  const seqs = Math.ceil((messages - thread) / THREADS);
  const last = BEGINNING + messages * 1_000;
  return [
    threadIdOf(thread),
    owner,
    'wsp_home',
    `Thread ${thread}`,
    BEGINNING,
    last,
    false,
    1,
    seqs,
    0,
    0,
    0,
    'chars_div_4',
  ];
}

export function fillSqlite(file: string, owner: string, messages: number): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN');
  const addThread = database.prepare(`INSERT INTO threads (${THREAD_COLUMNS}) VALUES (${'?, '.repeat(12)}?)`);
  for (let thread = 0; thread < THREADS; thread++)
    addThread.run(...threadValues(owner, thread, messages).map((value) => (value === false ? 0 : value) as string));
  const add = database.prepare(`INSERT INTO messages (thread_id, seq, id, role, content, created_at, metadata, size,
    estimator) VALUES (?, ?, ?, 'user', ?, ?, '{}', 0, 'chars_div_4')`);
  for (const row of rowsOf(messages)) add.run(...row);
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

export async function fillPostgres(url: string, owner: string, messages: number): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  for (let thread = 0; thread < THREADS; thread++) {
    const places = Array.from({ length: 13 }, (_, i) => `$${i + 1}`).join(', ');
    await client.query(`INSERT INTO threads (${THREAD_COLUMNS}) VALUES (${places})`, [
      ...threadValues(owner, thread, messages),
    ]);
  }
  let batch: Row[] = [];
  const flush = async () => {
    const columns = [0, 1, 2, 3, 4].map((column) => batch.map((row) => row[column]));
    await client.query(
      `INSERT INTO messages (thread_id, seq, id, content, created_at, role, metadata, size, estimator)
      SELECT thread_id, seq, id, content, created_at, 'user', '{}', 0, 'chars_div_4'
      FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::bigint[])
        AS rows (thread_id, seq, id, content, created_at)`,
      columns,
    );
    batch = [];
  };
  for (const row of rowsOf(messages)) if (batch.push(row) >= ROWS_PER_STATEMENT) await flush();
  if (batch.length > 0) await flush();
  await client.query('ANALYZE threads, messages');
  await client.end();
}

/**
 * What people ask: mostly a name or a rare word, at times two words, a phrase, or a common one. The same every time.
 */
export function queries(count: number): readonly string[] {
  const random = randomOf(7);
  const lines = playTranscripts().flatMap((transcript) => transcript.lines.map(({ content }) => content));
  const wordsOf = (text: string) => text.match(/\p{L}{4,}/gu) ?? [];
  return Array.from({ length: count }, (_, i) => {
    const words = wordsOf(random.pick(lines)).toSorted((a, b) => b.length - a.length);
    const [first = 'dragon', second = 'sword'] = words;
    if (i % 10 === 0) return `${first} ${second}`;
    if (i % 10 === 1) return `"${random.pick(lines).split(/\s+/u).slice(0, 3).join(' ').replaceAll('"', '')}"`;
    return i % 10 === 2 ? 'the' : first;
  });
}
