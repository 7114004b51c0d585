/** The SQL of the hot path of conversations: each change is one statement, which is a transaction of its own. */

const MESSAGE_COLUMNS = `thread_id, seq, id, role, author_id, name, content, tool_calls, tool_call_id, created_at,
  metadata, size, estimator`;
const REVISION_COLUMNS = 'thread_id, id, parent_id, upto_seq, size, estimator, made_by, event, entries';

/** `$first::type, …`, for values whose types PostgreSQL cannot tell from where they stand. */
function parameters(first: number, ...types: readonly string[]): string {
  return types.map((type, i) => `$${first + i}::${type}`).join(', ');
}

/** Id, role, author, name, content, tool calls, tool call id, time, metadata, size. */
const MESSAGE_TYPES = ['text', 'text', 'text', 'text', 'text', 'text', 'text', 'bigint', 'text', 'integer'] as const;
/** Id, parent, last seq, size, estimator, made by, event, entries. */
const REVISION_TYPES = ['integer', 'integer', 'integer', 'bigint', 'text', 'text', 'text', 'text'] as const;

export const WRITES = {
  /**
   * Thread, version, estimator, size below, most entries, title; then the message. No row: a condition failed. Appends to a
   * thread wait for each other on its row, and look at the conditions again when their turn has come.
   */
  append: {
    name: 'append',
    text: `
      WITH thread AS (
        UPDATE threads
        SET last_seq = last_seq + 1, window_size = window_size + $16::integer, window_entries = window_entries + 1,
            last_message_at = $14::bigint, title = COALESCE(title, $6)
        WHERE id = $1 AND NOT archived AND version = $2 AND estimator = $3
          AND window_size + $16::integer < $4 AND window_entries < $5
        RETURNING *
      ), message AS (
        INSERT INTO messages (${MESSAGE_COLUMNS})
        SELECT id, last_seq, ${parameters(7, ...MESSAGE_TYPES)}, estimator FROM thread
      )
      SELECT * FROM thread`,
  },
  /**
   * Thread, version, last seq, change of size, of entries, title, pinned; then the message and the revision, whose ids are
   * null where there is none. No row: it came too late.
   */
  commit: {
    name: 'commit',
    text: `
      WITH thread AS (
        UPDATE threads
        SET version = version + 1, last_seq = last_seq + ($8::text IS NOT NULL)::integer,
            revision = COALESCE($18::integer, revision), window_size = window_size + $4::bigint,
            window_entries = window_entries + $5::integer,
            last_message_at = COALESCE($15::bigint, last_message_at), title = COALESCE(title, $6::text)
        WHERE id = $1 AND version = $2 AND last_seq = COALESCE($3::integer, last_seq)
          AND ($8::text IS NULL OR NOT archived)
        RETURNING *
      ), message AS (
        INSERT INTO messages (${MESSAGE_COLUMNS})
        SELECT id, last_seq, ${parameters(8, ...MESSAGE_TYPES)}, COALESCE($22::text, estimator) FROM thread
        WHERE $8::text IS NOT NULL
      ), pin AS (
        INSERT INTO pins (thread_id, seq, pinned_at)
        SELECT id, last_seq, $15::bigint FROM thread WHERE $8::text IS NOT NULL AND $7::boolean
      ), head AS (
        INSERT INTO revisions (${REVISION_COLUMNS})
        SELECT id, ${parameters(18, ...REVISION_TYPES)} FROM thread WHERE $18::integer IS NOT NULL
      )
      SELECT * FROM thread`,
  },
  /** Key, digest of the body, answer, made and expiring when. No row: the key is taken. */
  keep: {
    name: 'keep',
    text: `
      INSERT INTO idempotency_keys (key, body_digest, answer, created_at, expires_at)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (key) DO UPDATE SET body_digest = excluded.body_digest, answer = excluded.answer,
        created_at = excluded.created_at, expires_at = excluded.expires_at
      WHERE idempotency_keys.expires_at <= excluded.created_at
      RETURNING key`,
  },
  /** Size, estimator; thread, version, last seq. */
  recount: {
    name: 'recount',
    text: `
      UPDATE threads SET window_size = $1, estimator = $2 WHERE id = $3 AND version = $4 AND last_seq = $5
      RETURNING id`,
  },
};
