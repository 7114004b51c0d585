/** The SQL of the hot path of conversations, prepared once per connection. */
import type { DatabaseSync } from 'node:sqlite';

const PINNED =
  'EXISTS (SELECT 1 FROM pins WHERE pins.thread_id = messages.thread_id AND pins.seq = messages.seq) AS pinned';
const ENTRY = 'seq, role, name, content, tool_calls, tool_call_id, size, estimator';
const MESSAGE = `messages.*, ${PINNED}`;

export type WriteStatements = ReturnType<typeof writeStatements>;
export type ReadStatements = ReturnType<typeof readStatements>;

export function writeStatements(writer: DatabaseSync) {
  return {
    /** Size, time, title; id, version, estimator; size, size below, most entries. No row: a condition failed. */
    append: writer.prepare(`
      UPDATE threads
      SET last_seq = last_seq + 1, window_size = window_size + ?, window_entries = window_entries + 1,
          last_message_at = ?, title = COALESCE(title, ?)
      WHERE id = ? AND NOT archived AND version = ? AND estimator = ?
        AND window_size + ? < ? AND window_entries < ?
      RETURNING *`),
    /** No row: it came too late. */
    commit: writer.prepare(`
      UPDATE threads
      SET version = version + 1, last_seq = last_seq + :messages, revision = COALESCE(:revision, revision),
          window_size = window_size + :size, window_entries = window_entries + :entries,
          last_message_at = COALESCE(:at, last_message_at), title = COALESCE(title, :title)
      WHERE id = :id AND version = :version AND last_seq = COALESCE(:lastSeq, last_seq)
        AND (:messages = 0 OR NOT archived)
      RETURNING *`),
    recount: writer.prepare(
      'UPDATE threads SET window_size = ?, estimator = ? WHERE id = ? AND version = ? AND last_seq = ?',
    ),
    addMessage: writer.prepare(`
      INSERT INTO messages (thread_id, seq, id, role, author_id, name, content, tool_calls, tool_call_id, created_at,
        metadata, size, estimator)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`),
    /** No change: the key is taken. */
    keep: writer.prepare(`
      INSERT INTO idempotency_keys (key, body_digest, answer, created_at, expires_at)
      VALUES (:key, :body_digest, :answer, :created_at, :expires_at)
      ON CONFLICT (key) DO UPDATE SET body_digest = excluded.body_digest, answer = excluded.answer,
        created_at = excluded.created_at, expires_at = excluded.expires_at
      WHERE idempotency_keys.expires_at <= excluded.created_at`),
    addPin: writer.prepare('INSERT INTO pins (thread_id, seq, pinned_at) VALUES (?, ?, ?)'),
    addRevision: writer.prepare(`
      INSERT INTO revisions (thread_id, id, parent_id, upto_seq, size, estimator, made_by, event, entries)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`),
  };
}

export function readStatements(reader: DatabaseSync) {
  return {
    thread: reader.prepare('SELECT * FROM threads WHERE id = ?'),
    revision: reader.prepare('SELECT * FROM revisions WHERE thread_id = ? AND id = ?'),
    pins: reader.prepare('SELECT seq FROM pins WHERE thread_id = ?'),
    /** Thread; first and last seq. */
    entries: reader.prepare(`SELECT ${ENTRY} FROM messages WHERE thread_id = ? AND seq BETWEEN ? AND ? ORDER BY seq`),
    message: reader.prepare(`SELECT ${MESSAGE} FROM messages WHERE thread_id = ? AND seq = ?`),
    before: reader.prepare(`SELECT ${MESSAGE} FROM messages WHERE thread_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`),
    after: reader.prepare(`SELECT ${MESSAGE} FROM messages WHERE thread_id = ? AND seq > ? ORDER BY seq LIMIT ?`),
    /** Thread; after and before which revision; how many. */
    events: reader.prepare(
      'SELECT event FROM revisions WHERE thread_id = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ?',
    ),
  };
}
