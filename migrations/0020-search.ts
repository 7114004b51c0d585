/** The search index of PostgreSQL. That of SQLite is a file of its own beside the database. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

/** Filled behind the requests, so that messages that are there already keep nobody waiting. */
const UP = [
  `CREATE TABLE search_documents (
    row_id BIGINT NOT NULL PRIMARY KEY,
    thread_id TEXT NOT NULL,
    words TSVECTOR NOT NULL
  )`,
  'CREATE INDEX search_documents_by_thread ON search_documents (thread_id, row_id)',
  'CREATE INDEX search_documents_by_word ON search_documents USING GIN (words)',
  // No foreign keys: a thread is deleted at once, and what is of it here goes in pages.
  'CREATE TABLE search_progress (thread_id TEXT NOT NULL PRIMARY KEY, upto_seq INTEGER NOT NULL)',
];
const DOWN = ['DROP TABLE search_progress', 'DROP TABLE search_documents'];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  await onPostgres(context, UP);
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  await onPostgres(context, DOWN);
}

async function onPostgres({ queryInterface, transaction }: Context, statements: readonly string[]): Promise<void> {
  const { sequelize } = queryInterface;
  if (sequelize.getDialect() !== 'postgres') return;
  for (const statement of statements) await sequelize.query(statement, { transaction });
}
