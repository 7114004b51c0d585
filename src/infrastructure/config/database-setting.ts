/** Determines the configured database, and explains to the operator why it cannot be opened. */
import { basename } from 'node:path';
import { postgresCode } from '#adapters/sequelize/shared/postgres-codes.ts';
import { sqliteCode } from '#adapters/sequelize/shared/sqlite-codes.ts';
import { type Config, ConfigError } from './config.ts';

export type DatabaseSetting =
  | Readonly<{ kind: 'memory' }>
  | Readonly<{ kind: 'sqlite'; file: string }>
  | Readonly<{ kind: 'postgres'; url: string }>;

/** Returns the configured database. `DATABASE_URL` takes precedence over `APP_DB_PATH`. */
export function databaseOf(config: Config): DatabaseSetting {
  const url = config.DATABASE_URL;
  if (url === 'memory:') return { kind: 'memory' };
  if (url?.startsWith('postgres')) return { kind: 'postgres', url };
  // `sqlite:<path>`, or `sqlite://` before an absolute path.
  return { kind: 'sqlite', file: url?.replace(/^sqlite:(\/\/(?=\/))?/, '') ?? config.APP_DB_PATH };
}

/**
 * Returns the error to throw if the database cannot be opened: a `ConfigError` with a reason, without the URL and so
 * without its password. An error that has nothing to do with the setting is returned unchanged.
 */
export function explained(error: unknown, setting: DatabaseSetting): unknown {
  const reason = setting.kind === 'sqlite' ? sqliteReason(error, setting.file) : postgresReason(error);
  return reason === undefined ? error : new ConfigError([`DATABASE_URL: ${reason}`]);
}

function sqliteReason(error: unknown, file: string): string | undefined {
  // Sequelize wraps the driver's error.
  const { code, message, errcode } = ((error as { parent?: unknown }).parent ?? error) as SqliteFailure;
  if (code === undefined) return undefined;
  const advice = SQLITE_ADVICE[sqliteCode({ errcode }) ?? ''] ?? 'Look at the file and its folder';
  return `${basename(file)} cannot be used as a SQLite database (${message}). ${advice}.`;
}

type SqliteFailure = NodeJS.ErrnoException & Readonly<{ errcode?: number }>;

const DAMAGED = 'Restore it from a backup';
const NOT_OURS = 'Make it and its folder writable for the user of the server';
const SQLITE_ADVICE: Readonly<Record<string, string>> = {
  SQLITE_READONLY: NOT_OURS,
  SQLITE_CANTOPEN: 'Correct the path, or make its folder writable for the user of the server',
  SQLITE_CORRUPT: DAMAGED,
  SQLITE_NOTADB: DAMAGED,
  SQLITE_FULL: 'Make room on its disk',
};

const NO_SSL = 'PostgreSQL speaks no SSL there. Take sslmode out of it, or turn on ssl in PostgreSQL';

/** By the code of Node, Sequelize or PostgreSQL (SQLSTATE). */
const POSTGRES_REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Start PostgreSQL, or correct host and port',
  ENOTFOUND: 'there is no such host. Correct its name',
  EAI_AGAIN: 'the name of the host cannot be looked up right now',
  CONNECTION_TIMEOUT: 'it does not answer. Look whether it is running and can be reached from here',
  CONNECTION_LOST: 'it closes the connection. Look into its log',
  '28P01': 'it refuses the password. Correct user and password',
  '28000': 'it refuses the user. Correct user and password, or allow them in pg_hba.conf',
  '3D000': 'there is no such database. Create it: CREATE DATABASE … ENCODING UTF8',
  '42501': 'the user may not make tables. Make them the owner of the database',
  '53300': 'it has no connection left. Raise its max_connections, or end other clients',
  '57P03': 'it is starting or stopping. Try again in a moment',
};

function postgresReason(error: unknown): string | undefined {
  if (/does not support SSL/.test((error as Error).message)) return NO_SSL;
  const code = postgresCode(error) ?? postgresCode((error as { parent?: unknown } | null | undefined)?.parent);
  if (code === undefined) return undefined;
  return `PostgreSQL cannot be used (${code}): ${POSTGRES_REASONS[code] ?? 'look into its log'}.`;
}
