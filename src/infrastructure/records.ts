/** Opens the record stores that the configuration chooses: a SQLite file, or memory. */
import { basename } from 'node:path';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { Migrator } from '#adapters/sequelize/migrator.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import type { Conversations, ThreadReads } from '#application/conversations/ports.ts';
import type { MembershipReads } from '#application/games/ports.ts';
import type { PasswordHashes, RoleReads, UserReads } from '#application/identity/ports.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { type Config, ConfigError } from './config.ts';
import { paths } from './paths.ts';
import type { Repos } from './tokens.ts';

export type Records = Readonly<{
  /** What they are kept in, for health and statistics. */
  kind: 'sqlite' | 'memory';
  unitOfWork: UnitOfWork<Repos>;
  /** The same stores outside of units of work, for lists and lookups. */
  reads: Repos;
  users: UserReads;
  roles: RoleReads;
  passwordHashes: Pick<PasswordHashes, 'find'>;
  memberships: MembershipReads;
  threads: ThreadReads;
  conversations: Conversations;
  close(): Promise<void>;
}>;

/** Opens, migrates and seeds. Throws, in words for the operator, where the database cannot be opened or is in use. */
export async function openRecords(config: Config): Promise<Records> {
  const records = databaseOf(config) === 'memory' ? openMemory() : await openSqlite(config);
  await new Seeder({ folder: paths.seeders, unitOfWork: records.unitOfWork }).up();
  return records;
}

/** The path of the SQLite file, or 'memory'. `DATABASE_URL` wins over `APP_DB_PATH`. */
export function databaseOf(config: Config): 'memory' | { file: string } {
  if (config.DATABASE_URL === 'memory:') return 'memory';
  return { file: config.DATABASE_URL?.replace(/^sqlite:(\/\/(?=\/))?/, '') ?? config.APP_DB_PATH };
}

function openMemory(): Records {
  const { unitOfWork, reads, users, roles, passwordHashes, memberships, threads, conversations } = new MemoryDatabase();
  const stores = { unitOfWork, reads, users, roles, passwordHashes, memberships, threads, conversations };
  return { kind: 'memory', ...stores, close: async () => {} };
}

async function openSqlite(config: Config): Promise<Records> {
  const database = await openDatabase(config);
  try {
    await new Migrator({ sequelize: database.sequelize, folder: paths.migrations }).up();
    return { kind: 'sqlite', ...database.stores(), close: () => database.close() };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The SQLite file as it is, not migrated. Throws in words for the operator, as `openRecords` does. */
export async function openDatabase(config: Config): Promise<SqliteDatabase> {
  const database = databaseOf(config);
  if (database === 'memory') throw new ConfigError(['DATABASE_URL: a database in memory has no schema to migrate']);
  try {
    return await SqliteDatabase.open({ file: database.file, synchronous: config.SQLITE_SYNCHRONOUS });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ConfigError([
      `DATABASE_URL: ${basename(database.file)} cannot be opened as a SQLite database (${message})`,
    ]);
  }
}
