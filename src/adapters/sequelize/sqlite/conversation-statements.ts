/** The SQL of the hot path of conversations, prepared once per connection. */
import type { DatabaseSync } from 'node:sqlite';

export type WriteStatements = ReturnType<typeof writeStatements>;

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
