/** A key of its own for each message, which never changes, so that an index of texts can name messages by it. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

/** What a message had before, but for its primary key. Which roles there are is the code's to know from now on. */
const columns = (role: string) => `
  thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE ON UPDATE CASCADE,
  seq INTEGER NOT NULL CHECK (seq > 0),
  id TEXT NOT NULL,
  role TEXT NOT NULL ${role},
  author_id TEXT,
  name TEXT,
  content TEXT NOT NULL,
  tool_calls TEXT,
  tool_call_id TEXT,
  created_at BIGINT NOT NULL,
  metadata TEXT NOT NULL,
  size INTEGER NOT NULL,
  estimator TEXT NOT NULL`;
const NAMES = `thread_id, seq, id, role, author_id, name, content, tool_calls, tool_call_id, created_at, metadata, size,
  estimator`;
const KNOWN_ROLE = "CHECK (role IN ('system', 'user', 'assistant', 'tool'))";

/** SQLite changes no primary key in place. Pins are made anew with the messages: they would go with the old table. */
const rebuilt = (definition: string) => [
  `CREATE TABLE messages_new (${definition})`,
  `INSERT INTO messages_new (${NAMES}) SELECT ${NAMES} FROM messages ORDER BY rowid`,
  `CREATE TABLE pins_new (
    thread_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    pinned_at BIGINT NOT NULL,
    PRIMARY KEY (thread_id, seq),
    FOREIGN KEY (thread_id, seq) REFERENCES messages_new (thread_id, seq) ON DELETE CASCADE ON UPDATE CASCADE
  )`,
  'INSERT INTO pins_new (thread_id, seq, pinned_at) SELECT thread_id, seq, pinned_at FROM pins',
  'DROP TABLE pins',
  'DROP TABLE messages',
  'ALTER TABLE messages_new RENAME TO messages',
  'ALTER TABLE pins_new RENAME TO pins',
];

/** Pins refer to the key that changes. */
const altered = (...changes: readonly string[]) => [
  'ALTER TABLE pins DROP CONSTRAINT pins_thread_id_seq_fkey',
  `ALTER TABLE messages ${changes.join(', ')}`,
  `ALTER TABLE pins ADD FOREIGN KEY (thread_id, seq) REFERENCES messages (thread_id, seq)
    ON DELETE CASCADE ON UPDATE CASCADE`,
];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, {
    sqlite: rebuilt(`row_id INTEGER PRIMARY KEY, ${columns('')}, UNIQUE (thread_id, seq)`),
    postgres: altered(
      'DROP CONSTRAINT messages_pkey',
      'DROP CONSTRAINT messages_role_check',
      'ADD COLUMN row_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY',
      'ADD UNIQUE (thread_id, seq)',
    ),
  });
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, {
    sqlite: rebuilt(`${columns(KNOWN_ROLE)}, PRIMARY KEY (thread_id, seq)`),
    postgres: altered(
      'DROP COLUMN row_id',
      'DROP CONSTRAINT messages_thread_id_seq_key',
      'ADD PRIMARY KEY (thread_id, seq)',
      `ADD ${KNOWN_ROLE}`,
    ),
  });
}

async function run(
  { queryInterface, transaction }: Context,
  statements: Readonly<Record<'sqlite' | 'postgres', readonly string[]>>,
): Promise<void> {
  const { sequelize } = queryInterface;
  const dialect = sequelize.getDialect() === 'sqlite' ? 'sqlite' : 'postgres';
  for (const statement of statements[dialect]) await sequelize.query(statement, { transaction });
}
