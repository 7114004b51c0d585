/** The databases that have a schema, opened migrated and seeded, for what is theirs alone. */
import type { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import type { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { openTemporaryDatabase } from '../servers/temporary-database.ts';
import { openTemporaryPostgres } from '../servers/temporary-postgres.ts';
import type { Openers, Plan } from './backends.ts';

export type SqlDatabase = SqliteDatabase | PostgresDatabase;

export const ON_SQL_DATABASES: Plan = {
  memory: { skip: 'memory has no schema' },
  sqlite: 'run',
  embedded: { skip: 'the speed layer has no migrations' },
  postgres: 'run',
  redis: { skip: 'Redis has no schema' },
};

export const sqlDatabases: Openers<SqlDatabase> = {
  sqlite: async () => {
    const { database, close } = await openTemporaryDatabase();
    return { harness: database, close };
  },
  postgres: async () => {
    const { database, close } = await openTemporaryPostgres();
    return { harness: database, close };
  },
};
