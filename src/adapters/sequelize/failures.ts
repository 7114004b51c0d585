/** What a failure of the database is to the rest of the product: a refusal that can be answered, or a fault without its SQL. */
import { BaseError, ForeignKeyConstraintError, UniqueConstraintError } from 'sequelize';
import { storeErrors } from '#application/shared/store-errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { sqliteCode } from './sqlite/result-codes.ts';

const AWAY = new Set([
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_READONLY',
  'SQLITE_IOERR',
  'SQLITE_FULL',
  'SQLITE_CANTOPEN',
]);

/**
 * The error to throw in place of the driver's: `store_unavailable` where the database is full, busy, read-only or cannot be read;
 * otherwise a fault that names the result code, without statement, values or path. Refusals and errors that are not
 * the database's pass unchanged.
 */
export function translated(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const code = codeOf(error);
  if (code !== undefined && AWAY.has(code))
    return Object.assign(storeErrors.storeUnavailable(), { cause: fault(code) });
  if (code !== undefined || error instanceof BaseError) return fault(code ?? (error as Error).name);
  return error;
}

/** Whether running the unit of work again may succeed. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED';
}

/** Whether a row with this value in this column is there already. */
export function isTaken(error: unknown, column: string): boolean {
  if (!(error instanceof UniqueConstraintError)) return false;
  // The types promise an object of values; on SQLite it is a list of names.
  const fields: unknown = error.fields;
  return (Array.isArray(fields) ? fields : Object.keys(fields as object)).includes(column);
}

/** Whether a row refers to one that does not exist. */
export function isDangling(error: unknown): boolean {
  return error instanceof ForeignKeyConstraintError;
}

function codeOf(error: unknown): string | undefined {
  return sqliteCode(error) ?? sqliteCode((error as { parent?: unknown } | null | undefined)?.parent);
}

function fault(code: string): Error {
  return new Error(`The database refused a statement (${code}).`);
}
