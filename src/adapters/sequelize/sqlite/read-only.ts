/** A SQLite file read beside the process that serves it: without its lock, and without a way to write. */
import type { Reads } from '#application/repos.ts';
import { repositories } from '../unit-of-work.ts';
import { sequelizeOn } from './database.ts';

/** The stores, for reading alone. Their first use throws the driver's error where the file cannot be opened. */
export function openReadOnly(file: string): Readonly<{ reads: Reads; close(): Promise<void> }> {
  const sequelize = sequelizeOn({ file, synchronous: 'full', readOnly: true });
  return { reads: repositories(sequelize)(null), close: () => sequelize.close() };
}
