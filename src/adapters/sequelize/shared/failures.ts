/**
 * What a failure of the database is to the rest of the product: a refusal that can be answered, or a fault without its
 * SQL.
 */
import { storeErrors } from '#application/shared/store-errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { violatedColumns } from './constraints.ts';
import { isInDoubt, isPostgresAway, isPostgresConflict, postgresCode } from './postgres-codes.ts';
import { sqliteCode } from './sqlite-codes.ts';

const SQLITE_AWAY = new Set([
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_READONLY',
  'SQLITE_IOERR',
  'SQLITE_FULL',
  'SQLITE_CANTOPEN',
]);

/**
 * The error to throw in place of the driver's: `store_unavailable` where the database is away, full, busy, read-only or
 * cannot be read, `outcome_unknown` where it went away and may have done it before; `constraint_violated` where a row
 * may not be as it is; otherwise a fault that names the result code, without statement, values or path. Refusals and
 * errors that are not the database's pass unchanged.
 */
export function mapError(error: unknown): unknown {
  if (error instanceof DomainError) return error;
  const code = codeOf(error);
  if (code !== undefined && isAway(code)) return Object.assign(unavailable(code), { cause: fault(code) });
  if (code === undefined && !nameOf(error).startsWith('Sequelize')) return error;
  const columns = violatedColumns(parentOf(error) ?? error);
  const cause = fault(code ?? (error as Error).name);
  if (columns === undefined) return cause;
  return Object.assign(storeErrors.constraintViolated({ field: columns[0] ?? null }), { cause });
}

/** The same for what only reads: nothing was changed, whatever became of it. */
export function mapReadError(error: unknown): unknown {
  const known = mapError(error);
  if (!(known instanceof DomainError) || known.code !== storeErrors.outcomeUnknown.code) return known;
  return Object.assign(storeErrors.storeUnavailable(), { cause: known.cause });
}

function unavailable(code: string): DomainError {
  return isInDoubt(code) ? storeErrors.outcomeUnknown() : storeErrors.storeUnavailable();
}

/** Whether running the unit of work again may succeed. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && (code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED' || isPostgresConflict(code));
}

/** Whether it helps to come back later: the database is away, or others were in the way to the last. */
function isAway(code: string): boolean {
  return SQLITE_AWAY.has(code) || isPostgresAway(code) || isPostgresConflict(code);
}

/** Whether a row with this value in this column is there already. */
export function isUniqueViolation(error: unknown, column: string): boolean {
  const isViolation = nameOf(error) === 'SequelizeUniqueConstraintError';
  return isViolation && (violatedColumns(parentOf(error)) ?? []).includes(column);
}

/** Whether a row refers to one that does not exist. */
export function isForeignKeyViolation(error: unknown): boolean {
  return nameOf(error) === 'SequelizeForeignKeyConstraintError';
}

function codeOf(error: unknown): string | undefined {
  const parent = parentOf(error);
  return sqliteCode(error) ?? sqliteCode(parent) ?? postgresCode(error) ?? postgresCode(parent);
}

/** Sequelize's errors are told by it: a worker that only reads need not load Sequelize, which takes 40 MB. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** What Sequelize wraps. */
function parentOf(error: unknown): unknown {
  return (error as { parent?: unknown } | null | undefined)?.parent;
}

function fault(code: string): Error {
  return new Error(`The database refused a statement (${code}).`);
}
