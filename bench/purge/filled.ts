/** A million messages of a thread that is to go, and as many of a user who is, inserted past the use cases. */
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** Ids of users. */
export type Filled = Readonly<{ stays: string; goes: string }>;

/** Threads of the user who goes, which go with them; and one of somebody else, in which their name goes. */
const OWN_THREADS = 10;
const TEXT = 'We walk on, and nobody says a word. The road is long, and the rain has not stopped since the mine.';

type Talk = Readonly<{ id: string; owner: string; author: string; messages: number }>;

function talks({ stays, goes }: Filled, messages: number): readonly Talk[] {
  const own = Array.from({ length: OWN_THREADS }, (_, i) => ({
    id: `thr_own-${i}`,
    owner: goes,
    author: goes,
    messages: messages / 2 / OWN_THREADS,
  }));
  return [
    { id: 'thr_goes', owner: stays, author: stays, messages },
    ...own,
    { id: 'thr_stays', owner: stays, author: goes, messages: messages / 2 },
  ];
}

const ADD_THREAD = (id: string, owner: string, count: number) => `
  INSERT INTO threads (id, owner_id, workspace_id, title, created_at, last_message_at, archived, version, last_seq, revision,
    window_size, window_entries, estimator)
  VALUES ('${id}', '${owner}', 'wsp_home', 'Talk', 0, 0, FALSE, 1, ${count}, 0, 0, 0, 'chars_div_4')`;
const ADD_MESSAGES = ({ id, author }: Talk, seqs: string) => `
  INSERT INTO messages (thread_id, seq, id, role, author_id, content, created_at, metadata, size, estimator)
  SELECT '${id}', seq, 'msg_' || seq, 'user', '${author}', seq || ': ${TEXT}', 0, '{}', 0, 'chars_div_4'
  FROM ${seqs} AS seqs (seq)`;

export function fillSqlite(file: string, filled: Filled, messages: number): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; BEGIN');
  for (const talk of talks(filled, messages)) {
    database.exec(ADD_THREAD(talk.id, talk.owner, talk.messages));
    database.exec(`WITH RECURSIVE seqs (seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM seqs WHERE seq < ${talk.messages})
      ${ADD_MESSAGES(talk, 'seqs').replace('AS seqs (seq)', '')}`);
  }
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}

export async function fillPostgres(url: string, filled: Filled, messages: number): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  for (const talk of talks(filled, messages)) {
    await client.query(ADD_THREAD(talk.id, talk.owner, talk.messages));
    await client.query(ADD_MESSAGES(talk, `generate_series(1, ${talk.messages})`));
  }
  await client.query('ANALYZE threads, messages');
  await client.end();
}

/** What there still is to do: 0 once nothing is deleted any more, and nobody is left to be taken off messages. */
const LEFT = `SELECT (SELECT COUNT(*) FROM threads WHERE deleted_at IS NOT NULL)
  + (SELECT COUNT(*) FROM jobs WHERE status IN ('queued', 'running')) AS count`;

export async function workLeft(place: string): Promise<number> {
  if (!place.startsWith('postgres')) {
    const database = new DatabaseSync(place, { readOnly: true });
    const row = database.prepare(LEFT).get();
    database.close();
    return Number(row?.count);
  }
  const client = new pg.Client(place);
  await client.connect();
  const { rows } = await client.query(LEFT);
  await client.end();
  return Number(rows[0].count);
}

/** The lines of an export, in pieces. */
export async function* linesOf(messages: number): AsyncGenerator<Uint8Array> {
  yield Buffer.from('{"type":"thread","format":1}\n');
  const perPiece = 100;
  for (let from = 0; from < messages; from += perPiece) {
    const lines = Array.from({ length: Math.min(perPiece, messages - from) }, (_, i) => {
      const seq = from + i + 1;
      return `${JSON.stringify({ type: 'message', seq, role: 'user', content: `${seq}: ${TEXT} ${TEXT}` })}\n`;
    });
    yield Buffer.from(lines.join(''));
  }
}
