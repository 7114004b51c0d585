/** What workspaces may use up, and what they have used: what is there already is counted. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

const TABLE = `CREATE TABLE workspace_quotas (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE ON UPDATE CASCADE,
  quota TEXT NOT NULL,
  maximum BIGINT,
  used BIGINT NOT NULL,
  since BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, quota)
)`;

const DOCUMENTS = 'FROM documents JOIN sources ON sources.id = documents.source_id GROUP BY sources.workspace_id';

const COUNTS = [
  `INSERT INTO workspace_quotas (workspace_id, quota, used, since)
    SELECT workspace_id, 'sources', COUNT(*), 0 FROM sources GROUP BY workspace_id`,
  `INSERT INTO workspace_quotas (workspace_id, quota, used, since)
    SELECT sources.workspace_id, 'documents', COUNT(*), 0 ${DOCUMENTS}`,
  `INSERT INTO workspace_quotas (workspace_id, quota, used, since)
    SELECT sources.workspace_id, 'stored_bytes', SUM(documents.bytes), 0 ${DOCUMENTS}`,
];

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, [TABLE, ...COUNTS]);
}

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  await run(context, ['DROP TABLE workspace_quotas']);
}

async function run({ queryInterface, transaction }: Context, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await queryInterface.sequelize.query(statement, { transaction });
}
