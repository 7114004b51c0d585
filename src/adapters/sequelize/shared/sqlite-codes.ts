/** SQLite's numeric result codes, and the names that other drivers give them. */

const PRIMARY: Readonly<Record<number, string>> = {
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  19: 'SQLITE_CONSTRAINT',
  26: 'SQLITE_NOTADB',
};

const CONSTRAINTS: Readonly<Record<number, string>> = {
  275: 'SQLITE_CONSTRAINT_CHECK',
  787: 'SQLITE_CONSTRAINT_FOREIGNKEY',
  1299: 'SQLITE_CONSTRAINT_NOTNULL',
  1555: 'SQLITE_CONSTRAINT_PRIMARYKEY',
  1811: 'SQLITE_CONSTRAINT_TRIGGER',
  2067: 'SQLITE_CONSTRAINT_UNIQUE',
};

/**
 * The name of an error's result code; undefined where it is not SQLite's. Extended codes other than constraints lose
 * their detail.
 */
export function sqliteCode(error: unknown): string | undefined {
  const number = (error as { errcode?: unknown } | null | undefined)?.errcode;
  if (typeof number !== 'number') return undefined;
  return CONSTRAINTS[number] ?? PRIMARY[number & 0xff] ?? `SQLITE_${number}`;
}
