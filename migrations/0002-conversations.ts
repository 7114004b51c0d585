/** Threads, their messages and pins, and the revisions of their windows. Times are milliseconds since 1970. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

const TABLES = ['revisions', 'pins', 'messages', 'threads'];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  const boolean = sequelize.getDialect() === 'sqlite' ? 'TINYINT(1)' : 'BOOLEAN';
  const statements = [
    `CREATE TABLE threads (
      id TEXT NOT NULL PRIMARY KEY,
      owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
      title TEXT,
      system_prompt TEXT,
      created_at BIGINT NOT NULL,
      last_message_at BIGINT,
      archived ${boolean} NOT NULL,
      version INTEGER NOT NULL,
      last_seq INTEGER NOT NULL CHECK (last_seq >= 0),
      revision INTEGER NOT NULL CHECK (revision >= 0),
      window_size BIGINT NOT NULL CHECK (window_size >= 0),
      window_entries INTEGER NOT NULL CHECK (window_entries >= 0),
      estimator TEXT NOT NULL
    )`,
    'CREATE INDEX threads_by_activity ON threads (owner_id, (COALESCE(last_message_at, created_at)), id)',
    // The author is no foreign key: it would need an index, which makes an append a third slower, or deleting a user would look at
    // every message ever written. Whoever deletes a user takes his name off his messages, a page at a time.
    `CREATE TABLE messages (
      thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE ON UPDATE CASCADE,
      seq INTEGER NOT NULL CHECK (seq > 0),
      id TEXT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant', 'tool')),
      author_id TEXT,
      name TEXT,
      content TEXT NOT NULL,
      tool_calls TEXT,
      tool_call_id TEXT,
      created_at BIGINT NOT NULL,
      metadata TEXT NOT NULL,
      size INTEGER NOT NULL,
      estimator TEXT NOT NULL,
      PRIMARY KEY (thread_id, seq)
    )`,
    `CREATE TABLE pins (
      thread_id TEXT NOT NULL,
      seq INTEGER NOT NULL,
      pinned_at BIGINT NOT NULL,
      PRIMARY KEY (thread_id, seq),
      FOREIGN KEY (thread_id, seq) REFERENCES messages (thread_id, seq) ON DELETE CASCADE ON UPDATE CASCADE
    )`,
    // The long column last: events are read without it.
    `CREATE TABLE revisions (
      thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE ON UPDATE CASCADE,
      id INTEGER NOT NULL CHECK (id > 0),
      parent_id INTEGER NOT NULL CHECK (parent_id >= 0),
      upto_seq INTEGER NOT NULL,
      size BIGINT NOT NULL,
      estimator TEXT NOT NULL,
      made_by TEXT NOT NULL CHECK (made_by IN ('compaction', 'undo', 'refinement')),
      event TEXT NOT NULL,
      entries TEXT NOT NULL,
      PRIMARY KEY (thread_id, id)
    )`,
  ];
  for (const statement of statements) await sequelize.query(statement, { transaction: context.transaction });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  for (const table of TABLES) await queryInterface.sequelize.query(`DROP TABLE ${table}`, { transaction });
}
