/** Columns as models define them. Times are milliseconds since 1970. */
import { DataTypes } from 'sequelize';

// A new object with each call: Sequelize writes the column's name into it.
export const text = () => ({ type: DataTypes.TEXT, allowNull: false });
export const integer = () => ({ type: DataTypes.INTEGER, allowNull: false });
export const bigint = () => ({ type: DataTypes.BIGINT, allowNull: false });
export const boolean = () => ({ type: DataTypes.BOOLEAN, allowNull: false });
export const time = () => bigint();

/** Refers to a row of another table. */
export const reference = (model: string, key = 'id') => ({ ...text(), references: { model, key } });

export const nullable = <Column extends object>(column: Column) => ({ ...column, allowNull: true });
export const primaryKey = <Column extends object>(column: Column) => ({ ...column, primaryKey: true });
/** Columns that are unique together have the same name for it. */
export const unique = <Column extends object>(column: Column, name: string | true = true) => ({
  ...column,
  unique: name,
});

/** A time as a row has it: large integers come as text, depending on the database. */
export function dateFrom<Time extends number | null>(milliseconds: Time): Time extends null ? null : Date {
  const date = milliseconds === null ? null : new Date(Number(milliseconds));
  return date as Time extends null ? null : Date;
}
