/** Everything encrypted in the database, whatever its table. */
import { type Model, type ModelStatic, Op, type Transaction, type WhereOptions } from 'sequelize';
import type { EncryptedValue, EncryptedValues } from '#application/operations/encrypted-values.ts';

// biome-ignore lint/suspicious/noExplicitAny: any model will do that has the column.
export type EncryptedColumn = Readonly<{ model: ModelStatic<Model<any>>; column: string }>;

export class SequelizeEncryptedValues implements EncryptedValues {
  readonly #columns: readonly EncryptedColumn[];
  readonly #transaction: Transaction | null;

  constructor(deps: Readonly<{ columns: readonly EncryptedColumn[]; transaction: Transaction | null }>) {
    this.#columns = deps.columns;
    this.#transaction = deps.transaction;
  }

  async exist(): Promise<boolean> {
    for (const column of this.#columns) if ((await this.#valuesOf(column, 1)).length > 0) return true;
    return false;
  }

  async list(): Promise<readonly EncryptedValue[]> {
    const values: EncryptedValue[] = [];
    for (const column of this.#columns) values.push(...(await this.#valuesOf(column)));
    return values;
  }

  async replace(value: EncryptedValue, encrypted: string): Promise<boolean> {
    const found = this.#columns.find((one) => nameOf(one) === value.column);
    if (found === undefined) return false;
    const where: WhereOptions = { ...JSON.parse(value.row), [found.column]: value.encrypted };
    const changed = await found.model.update({ [found.column]: encrypted }, { where, transaction: this.#transaction });
    return changed[0] === 1;
  }

  async #valuesOf(found: EncryptedColumn, limit?: number): Promise<readonly EncryptedValue[]> {
    const { model, column } = found;
    const rows = await model.findAll({
      attributes: [...model.primaryKeyAttributes, column],
      where: { [column]: { [Op.ne]: null } } as WhereOptions,
      transaction: this.#transaction,
      ...(limit === undefined ? {} : { limit }),
    });
    return rows.map((row) => {
      const key = model.primaryKeyAttributes.map((name) => [name, row.get(name)]);
      return {
        column: nameOf(found),
        row: JSON.stringify(Object.fromEntries(key)),
        encrypted: row.get(column) as string,
      };
    });
  }
}

function nameOf({ model, column }: EncryptedColumn): string {
  return `${model.tableName}.${column}`;
}
