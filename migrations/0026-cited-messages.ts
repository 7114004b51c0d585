/** Finds the answers of a thread that cite the library, of which there are few among its messages. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  await run(
    context,
    `CREATE INDEX messages_cited ON messages (thread_id, seq)
      WHERE author_id IS NULL AND role = 'assistant' AND metadata LIKE '%"citations":[%'`,
  );
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, 'DROP INDEX messages_cited');
}

async function run({ queryInterface, transaction }: Context, statement: string): Promise<void> {
  await queryInterface.sequelize.query(statement, { transaction });
}
