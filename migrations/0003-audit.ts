/** The audit log, and the head of the chain that seals it. Times are milliseconds since 1970. */
import type { QueryInterface, Transaction } from 'sequelize';
import type { MigrationParams } from 'umzug';

type Context = { queryInterface: QueryInterface; transaction: Transaction };

/** What an entry says. Its place and hash come later, once. */
const SAID = 'id, at, actor_id, actor_kind, action, subject, outcome, facts_before, facts_after, ip, request_id';

export async function up({ context }: MigrationParams<Context>): Promise<void> {
  const { sequelize } = context.queryInterface;
  const appendOnly = sequelize.getDialect() === 'sqlite' ? sqliteTriggers : postgresTriggers;
  const statements = [
    // No foreign key: an entry outlives whom and what it names.
    `CREATE TABLE audit_entries (
      id TEXT NOT NULL PRIMARY KEY,
      at BIGINT NOT NULL,
      actor_id TEXT,
      actor_kind TEXT NOT NULL CHECK (actor_kind IN ('user', 'token', 'anonymous', 'system')),
      action TEXT NOT NULL,
      subject TEXT,
      outcome TEXT NOT NULL CHECK (outcome IN ('done', 'refused', 'failed')),
      facts_before TEXT,
      facts_after TEXT,
      ip TEXT,
      request_id TEXT,
      place BIGINT UNIQUE CHECK (place > 0),
      hash TEXT,
      CHECK ((place IS NULL) = (hash IS NULL))
    )`,
    'CREATE INDEX audit_by_time ON audit_entries (at, id)',
    'CREATE INDEX audit_by_actor ON audit_entries (actor_id, at, id)',
    'CREATE INDEX audit_by_action ON audit_entries (action, at, id)',
    'CREATE INDEX audit_by_subject ON audit_entries (subject, at, id)',
    'CREATE INDEX audit_unsealed ON audit_entries (at, id) WHERE place IS NULL',
    `CREATE TABLE audit_heads (
      id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
      place BIGINT NOT NULL CHECK (place >= 0),
      hash TEXT NOT NULL
    )`,
    "INSERT INTO audit_heads (id, place, hash) VALUES (1, 0, '')",
    ...appendOnly,
  ];
  for (const statement of statements) await sequelize.query(statement, { transaction: context.transaction });
}

const sqliteTriggers = [
  `CREATE TRIGGER audit_not_removed BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END`,
  `CREATE TRIGGER audit_not_changed BEFORE UPDATE OF ${SAID} ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END`,
  `CREATE TRIGGER audit_sealed_once BEFORE UPDATE OF place, hash ON audit_entries WHEN OLD.place IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END`,
];

const postgresTriggers = [
  `CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$`,
  `CREATE TRIGGER audit_not_removed BEFORE DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`,
  `CREATE TRIGGER audit_not_changed BEFORE UPDATE OF ${SAID} ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`,
  `CREATE TRIGGER audit_sealed_once BEFORE UPDATE OF place, hash ON audit_entries
    FOR EACH ROW WHEN (OLD.place IS NOT NULL) EXECUTE FUNCTION refuse_audit_change()`,
];

export async function down({ context }: MigrationParams<Context>): Promise<void> {
  const { queryInterface, transaction } = context;
  const { sequelize } = queryInterface;
  for (const table of ['audit_heads', 'audit_entries']) await sequelize.query(`DROP TABLE ${table}`, { transaction });
  if (sequelize.getDialect() !== 'sqlite') {
    await sequelize.query('DROP FUNCTION refuse_audit_change()', { transaction });
  }
}
