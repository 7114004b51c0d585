/** Every model says what the migrated schema says, on both databases. */
import { expect } from 'chai';
import type { Model, ModelStatic } from 'sequelize';
import { DERIVED_TABLES } from '#adapters/sequelize/shared/record-tables.ts';
import { contract } from '../../support/backends/backends.ts';
import { type Column, migratedTable, type Table, tablesOf } from '../../support/backends/schema.ts';
import { ON_SQL_DATABASES, type SqlDatabase, sqlDatabases } from '../../support/backends/sql-databases.ts';

/** Written by hand, for the hot path, or by the migrator itself. */
const WITHOUT_MODEL = [
  'applied_migrations',
  'compactors',
  'messages',
  'passage_indexes',
  'passage_terms',
  'pins',
  'revisions',
];
/** The search index of SQLite is a file of its own. */
const derivedTables = ({ sequelize }: SqlDatabase) =>
  DERIVED_TABLES.filter((table) => sequelize.getDialect() === 'postgres' || !table.startsWith('search_'));

contract('Models', ON_SQL_DATABASES, sqlDatabases, (database) => {
  it('exist for every table except those of the hot path and of the migrator', async () => {
    const { sequelize } = database();
    const modelled = Object.values(sequelize.models).map((model) => model.tableName);
    expect(await tablesOf(sequelize)).to.have.members([...modelled, ...WITHOUT_MODEL, ...derivedTables(database())]);
  });

  it('match the migrated schema in columns, types, nullability, keys, uniqueness and references', async () => {
    const { sequelize } = database();
    for (const model of Object.values(sequelize.models)) {
      expect(modelled(model), model.tableName).to.deep.equal(await migratedTable(sequelize, model.tableName));
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
