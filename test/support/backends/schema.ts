/** What a database says of its own schema, in the same words on SQLite and on PostgreSQL. */
import { QueryTypes, type Sequelize } from 'sequelize';

export type Column = Readonly<{ type: string; allowNull: boolean; primaryKey: boolean }>;
export type Table = Readonly<{ columns: Record<string, Column>; unique: string[]; references: string[] }>;

/** What is asked of a database: all tables, and what one of them is made of. */
type Catalogue = Readonly<{ tables: string; columns: string; unique: string; references: string }>;

const SQLITE: Catalogue = {
  tables: "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'",
  columns: 'SELECT name, type, "notnull" AS required, pk > 0 AS key FROM pragma_table_info(:table)',
  unique: `SELECT info.name FROM pragma_index_list(:table) AS list, pragma_index_info(list.name) AS info
    WHERE list.origin = 'u'`,
  references: `SELECT "from" || ' -> ' || "table" || '.' || "to" AS name FROM pragma_foreign_key_list(:table)`,
};

const POSTGRES: Catalogue = {
  tables: 'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
  columns: `
    SELECT attname AS name, upper(format_type(atttypid, atttypmod)) AS type, attnotnull AS required,
      EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = attrelid AND contype = 'p' AND attnum = ANY (conkey)) AS key
    FROM pg_attribute WHERE attrelid = (:table)::regclass AND attnum > 0 AND NOT attisdropped`,
  unique: `
    SELECT attname AS name FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
    WHERE conrelid = (:table)::regclass AND contype = 'u'`,
  references: `
    SELECT here.attname || ' -> ' || confrelid::regclass || '.' || there.attname AS name
    FROM pg_constraint CROSS JOIN unnest(conkey, confkey) AS pair (here, there)
    JOIN pg_attribute AS here ON here.attrelid = conrelid AND here.attnum = pair.here
    JOIN pg_attribute AS there ON there.attrelid = confrelid AND there.attnum = pair.there
    WHERE conrelid = (:table)::regclass AND contype = 'f'`,
};

/** The names of all tables, in ascending order. */
export function tablesOf(sequelize: Sequelize): Promise<string[]> {
  return names(sequelize, catalogueOf(sequelize).tables);
}

export async function migratedTable(sequelize: Sequelize, table: string): Promise<Table> {
  const catalogue = catalogueOf(sequelize);
  const rows = await sequelize.query<{ name: string; type: string; required: unknown; key: unknown }>(
    catalogue.columns,
    { type: QueryTypes.SELECT, replacements: { table } },
  );
  const columns = rows.map(({ name, type, required, key }): [string, Column] => [
    name,
    { type, allowNull: !required, primaryKey: Boolean(key) },
  ]);
  return {
    columns: Object.fromEntries(columns),
    unique: await names(sequelize, catalogue.unique, table),
    references: await names(sequelize, catalogue.references, table),
  };
}

function catalogueOf(sequelize: Sequelize): Catalogue {
  return sequelize.getDialect() === 'sqlite' ? SQLITE : POSTGRES;
}

async function names(sequelize: Sequelize, sql: string, table = ''): Promise<string[]> {
  const rows = await sequelize.query<{ name: string }>(sql, { type: QueryTypes.SELECT, replacements: { table } });
  return rows.map((row) => row.name).sort();
}
