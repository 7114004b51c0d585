/** Lists of words that grow with the product leave the schema: the code knows them, and refuses others. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };
type Vocabulary = Readonly<{ table: string; column: string; words: readonly string[] }>;

const VOCABULARIES: readonly Vocabulary[] = [
  { table: 'audit_entries', column: 'actor_kind', words: ['user', 'token', 'anonymous', 'system'] },
  { table: 'audit_entries', column: 'outcome', words: ['done', 'refused', 'failed'] },
  { table: 'game_invitations', column: 'role_in_game', words: ['gm', 'player'] },
  { table: 'game_members', column: 'role_in_game', words: ['gm', 'player'] },
  { table: 'revisions', column: 'made_by', words: ['compaction', 'undo', 'refinement'] },
  { table: 'source_access', column: 'type', words: ['included', 'alacarte', 'trial'] },
];

const checkOf = ({ column, words }: Vocabulary) => `CHECK (${column} IN ('${words.join("', '")}'))`;

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  if (isSqlite(context)) return rebuildAll(context, (sql, one) => sql.replace(` ${checkOf(one)}`, ''));
  for (const { table, column } of VOCABULARIES)
    await run(context, `ALTER TABLE ${table} DROP CONSTRAINT ${table}_${column}_check`);
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const added = (sql: string, one: Vocabulary) =>
    sql.replace(new RegExp(`\\b${one.column} TEXT NOT NULL`), `$& ${checkOf(one)}`);
  if (isSqlite(context)) return rebuildAll(context, added);
  for (const one of VOCABULARIES) await run(context, `ALTER TABLE ${one.table} ADD ${checkOf(one)}`);
}

/** SQLite takes no check off a table: each is made anew with the same rows, indexes and triggers. */
async function rebuildAll(context: Context, change: (sql: string, one: Vocabulary) => string): Promise<void> {
  for (const [table, own] of Object.entries(Object.groupBy(VOCABULARIES, ({ table }) => table))) {
    const [definition, ...others] = await definitionsOf(context, table);
    const changed = (own ?? []).reduce(change, definition as string);
    await rebuild(context, table, changed, others);
  }
}

/** No other table refers to one of these, so none loses rows when the old one is dropped. */
async function rebuild(context: Context, table: string, definition: string, others: readonly string[]): Promise<void> {
  await run(context, definition.replace(/^CREATE TABLE \S+/, `CREATE TABLE ${table}_new`));
  await run(context, `INSERT INTO ${table}_new SELECT * FROM ${table} ORDER BY rowid`);
  await run(context, `DROP TABLE ${table}`);
  await run(context, `ALTER TABLE ${table}_new RENAME TO ${table}`);
  for (const sql of others) await run(context, sql);
}

/** The SQL that made the table, and after it that of its indexes and triggers; what keys need is not among them. */
async function definitionsOf({ queryInterface, transaction }: Context, table: string): Promise<readonly string[]> {
  const [rows] = await queryInterface.sequelize.query(
    `SELECT sql FROM sqlite_master WHERE tbl_name = '${table}' AND sql IS NOT NULL ORDER BY type <> 'table', rowid`,
    { transaction },
  );
  return (rows as { sql: string }[]).map(({ sql }) => sql);
}

function isSqlite({ queryInterface }: Context): boolean {
  return queryInterface.sequelize.getDialect() === 'sqlite';
}

async function run({ queryInterface, transaction }: Context, statement: string): Promise<void> {
  await queryInterface.sequelize.query(statement, { transaction });
}
