/** Vectors of passages, by which they are found by what they mean; each row has those of some passages of a reading. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

/** No number is given twice: what is known of one holds for ever. No foreign keys: they go with the index. */
const tables = (number: string, bytes: string) => [
  `CREATE TABLE passage_vectors (
    number ${number},
    index_number BIGINT NOT NULL,
    model TEXT NOT NULL,
    dimension INTEGER NOT NULL,
    last_ordinal INTEGER NOT NULL,
    vectors ${bytes} NOT NULL
  )`,
  'CREATE INDEX passage_vectors_by_index ON passage_vectors (index_number, model, dimension, last_ordinal, number)',
];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const isSqlite = context.queryInterface.sequelize.getDialect() === 'sqlite';
  const statements = isSqlite
    ? tables('INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT', 'BLOB')
    : tables('BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY', 'BYTEA');
  await run(context, statements);
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, ['DROP TABLE passage_vectors']);
}

async function run({ queryInterface, transaction }: Context, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await queryInterface.sequelize.query(statement, { transaction });
}
