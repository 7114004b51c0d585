/** Determines the configured database, and explains to the operator why it cannot be opened. */
import { basename } from 'node:path';
import { postgresCode } from '#adapters/sequelize/shared/postgres-codes.ts';
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
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined ? undefined : `${basename(file)} cannot be opened as a SQLite database (${message})`;
}

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
  const code = postgresCode(error) ?? postgresCode((error as { parent?: unknown } | null | undefined)?.parent);
  if (code === undefined) return undefined;
  return `PostgreSQL cannot be used (${code}): ${POSTGRES_REASONS[code] ?? 'look into its log'}.`;
}
