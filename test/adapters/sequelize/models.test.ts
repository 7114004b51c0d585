/** Every model says what the migrated schema says. */
import { expect } from 'chai';
import { type Model, type ModelStatic, QueryTypes, type Sequelize } from 'sequelize';
import { openTemporaryDatabase, type TemporaryDatabase } from '../../support/temporary-database.ts';

type Column = Readonly<{ type: string; allowNull: boolean; primaryKey: boolean }>;
type Table = Readonly<{ columns: Record<string, Column>; unique: string[]; references: string[] }>;

describe('the models', () => {
  let temporary: TemporaryDatabase;
  before(async () => {
    temporary = await openTemporaryDatabase();
  });
  after(() => temporary.close());

  it('equal the migrated schema: columns, types, nulls, keys, what is unique and what refers to what', async () => {
    const { sequelize } = temporary.database;
    const names = Object.values(sequelize.models).map((model) => model.tableName);
    expect(names).to.include.members(['users', 'user_roles', 'roles', 'permissions', 'role_permissions']);
    expect(names).to.include.members(['password_hashes', 'threads', 'audit_entries', 'audit_heads']);
    for (const model of Object.values(sequelize.models)) {
      expect(modelled(model), model.tableName).to.deep.equal(await migrated(sequelize, model.tableName));
    }
  });
});

function modelled(model: ModelStatic<Model>): Table {
  const attributes = Object.values(model.getAttributes());
  const columns = attributes.map((attribute): [string, Column] => [
    attribute.field as string,
    {
      type: attribute.type.toString({}),
      allowNull: attribute.allowNull !== false,
      primaryKey: attribute.primaryKey === true,
    },
  ]);
  const references = attributes.flatMap(({ field, references }) =>
    references === undefined
      ? []
      : [`${field} -> ${(references as { model: string }).model}.${(references as { key: string }).key}`],
  );
  const unique = attributes.filter((attribute) => attribute.unique).map((attribute) => attribute.field as string);
  return { columns: Object.fromEntries(columns), unique: unique.sort(), references: references.sort() };
}

async function migrated(sequelize: Sequelize, table: string): Promise<Table> {
  const select = <Row extends object>(sql: string) => sequelize.query<Row>(sql, { type: QueryTypes.SELECT });
  const described = await select<{ name: string; type: string; notnull: number; pk: number }>(
    `SELECT * FROM pragma_table_info('${table}')`,
  );
  const columns = described.map((column): [string, Column] => [
    column.name,
    { type: column.type, allowNull: column.notnull === 0, primaryKey: column.pk > 0 },
  ]);
  const unique = await select<{ name: string }>(
    `SELECT info.name FROM pragma_index_list('${table}') AS list, pragma_index_info(list.name) AS info WHERE list.origin = 'u'`,
  );
  const keys = await select<{ from: string; table: string; to: string }>(
    `SELECT * FROM pragma_foreign_key_list('${table}')`,
  );
  return {
    columns: Object.fromEntries(columns),
    unique: unique.map((column) => column.name).sort(),
    references: keys.map((key) => `${key.from} -> ${key.table}.${key.to}`).sort(),
  };
}
