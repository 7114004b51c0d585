/** What a database has in it, to compare before and after its schema changes. */
import { QueryTypes, type Sequelize } from 'sequelize';
import { tablesOf } from './schema.ts';

/** Every row of every table but the record of migrations, as text, without some columns; in no matter which order. */
export async function storedRows(
  sequelize: Sequelize,
  without: readonly string[] = [],
): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {};
  for (const table of (await tablesOf(sequelize)).filter((name) => name !== 'applied_migrations')) {
    const rows = await sequelize.query<object>(`SELECT * FROM ${table}`, { type: QueryTypes.SELECT });
    found[table] = rows.map((row) => rowAsText(row, without)).toSorted();
  }
  return found;
}

function rowAsText(row: object, without: readonly string[]): string {
  const columns = Object.entries(row).filter(([name]) => !without.includes(name));
  return JSON.stringify(columns.toSorted());
}
