/** Which columns a violated constraint is about, as far as the databases tell. */

/** SQLSTATE class 23 of PostgreSQL. */
const POSTGRES = /^23[0-9A-Z]{3}$/;
/**
 * `UNIQUE constraint failed: users.email`, `CHECK constraint failed: role IN (…)`; what a foreign key is about is not
 * said.
 */
const SQLITE = /(?:UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed(?:: (.*))?/s;

type PostgresError = Readonly<{
  code?: unknown;
  column?: string;
  table?: string;
  constraint?: string;
  detail?: string;
}>;

/** The columns, an empty list where they are not told, undefined where no constraint was violated. */
export function violatedColumns(error: unknown): readonly string[] | undefined {
  if (!(error instanceof Error)) return undefined;
  const found = error as PostgresError;
  if (typeof found.code === 'string' && POSTGRES.test(found.code)) return postgresColumns(found);
  const failed = SQLITE.exec(error.message);
  return failed === null ? undefined : sqliteColumns(failed[1] ?? '');
}

function postgresColumns({ column, detail, table, constraint }: PostgresError): readonly string[] {
  if (column !== undefined) return [column];
  const key = /^Key \(([\w, ]+)\)=/.exec(detail ?? '')?.[1];
  if (key !== undefined) return key.split(', ');
  // In other languages the detail reads otherwise; a constraint without a name of its own is named after table and
  // column.
  const named = new RegExp(`^${table}_(\\w+?)_(?:key|fkey|check)\\d*$`).exec(constraint ?? '')?.[1];
  return named === undefined ? [] : [named];
}

/** `users.email, users.name` or the expression that a row must meet, of which the first word is the column. */
function sqliteColumns(told: string): readonly string[] {
  const columns = told.split(', ').map((one) => /^\w+\.(\w+)$/.exec(one)?.[1]);
  if (columns.every((column) => column !== undefined)) return columns;
  const first = /^\w+/.exec(told)?.[0];
  return first === undefined ? [] : [first];
}
