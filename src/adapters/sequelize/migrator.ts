/** Brings the schema to where the code expects it, or back: umzug over a folder of migrations. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type QueryInterface, QueryTypes, type Sequelize, Transaction } from 'sequelize';
import type { RunnableMigration, Umzug, UmzugStorage } from 'umzug';

/** What a migration is given: everything it does goes through this transaction. */
type MigrationContext = Readonly<{ queryInterface: QueryInterface; transaction: Transaction }>;

type Direction = 'up' | 'down';
type Migrate = (parameters: { context: MigrationContext }) => Promise<unknown>;
type Run = (name: string, direction: Direction, migrate: Migrate) => Promise<void>;

export type MigratorOptions = Readonly<{
  sequelize: Sequelize;
  /** A folder with one file per migration, run in the order of their names. */
  folder: string;
  /** Runs work while no other migrator does; needed where opening the database does not see to that. */
  exclusively?: <T>(work: () => Promise<T>) => Promise<T>;
}>;

/** Runs migrations in a transaction each, together with the record that they ran: a half-run one leaves nothing. */
export class Migrator {
  readonly #folder: string;
  readonly #record: MigrationRecord;
  readonly #run: Run;
  readonly #exclusively: NonNullable<MigratorOptions['exclusively']>;

  constructor(options: MigratorOptions) {
    const { sequelize } = options;
    const record = new MigrationRecord(sequelize);
    this.#folder = options.folder;
    this.#record = record;
    this.#exclusively = options.exclusively ?? ((work) => work());
    this.#run = (name, direction, migrate) =>
      sequelize.transaction({ type: Transaction.TYPES.IMMEDIATE }, async (transaction) => {
        await migrate({ context: { queryInterface: sequelize.getQueryInterface(), transaction } });
        await record.write(name, direction, transaction);
      });
  }

  /**
   * Runs what has not run yet, oldest first, to `last` or to the newest; answers the names. Throws, as `down` does,
   * where the database has a migration that is not in the folder: nobody here knows what it changed.
   */
  up(last?: string): Promise<readonly string[]> {
    return this.#exclusively(async () => {
      await this.#refuseUnknown();
      if ((await this.#pending()).length === 0) return [];
      return namesOf(await (await this.#umzug()).up(last === undefined ? {} : { to: last }));
    });
  }

  /** Takes back the newest `steps` migrations, or 'all', newest first; answers the names. */
  down(steps: number | 'all' = 1): Promise<readonly string[]> {
    const options = steps === 'all' ? ({ to: 0 } as const) : { step: steps };
    return this.#exclusively(async () => {
      await this.#refuseUnknown();
      return namesOf(await (await this.#umzug()).down(options));
    });
  }

  async #refuseUnknown(): Promise<void> {
    const known = new Set(await migrationsIn(this.#folder));
    const newest = (await this.#record.executed()).filter((name) => !known.has(name)).at(-1);
    if (newest !== undefined) throw new Error(unknown(newest));
  }

  /** Names of the migrations that have not run. */
  pending(): Promise<readonly string[]> {
    return this.#exclusively(() => this.#pending());
  }

  async #pending(): Promise<readonly string[]> {
    const executed = new Set(await this.#record.executed());
    return (await migrationsIn(this.#folder)).filter((name) => !executed.has(name));
  }

  /** Loaded only where there is something to run: with the command line that it brings it takes some 5 MB. */
  async #umzug(): Promise<Umzug<object>> {
    const { Umzug } = await import('umzug');
    const migrations = () => runnable(this.#folder, this.#run);
    return new Umzug<object>({ migrations, storage: this.#record, logger: undefined });
  }
}

function namesOf(migrations: readonly { name: string }[]): readonly string[] {
  return migrations.map(({ name }) => name);
}

/** The names of a folder's migrations, in ascending order. */
export async function migrationsIn(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
  return files.map((file) => file.slice(0, -'.ts'.length)).sort();
}

async function runnable(folder: string, run: Run): Promise<RunnableMigration<object>[]> {
  return (await migrationsIn(folder)).map((name) => {
    const path = join(folder, `${name}.ts`);
    const directed = (direction: Direction) => async () => {
      const migration: Record<Direction, Migrate> = await import(pathToFileURL(path).href);
      await run(name, direction, migration[direction]);
    };
    return { name, path, up: directed('up'), down: directed('down') };
  });
}

function unknown(name: string): string {
  return `The database was migrated by a newer Tavernkeep (${name}). Run that one, or take the migration back with it: npm run migrate -- down.`;
}

const TABLE = 'applied_migrations';

/** The newest migration that has run; undefined where none has. Throws where the database is away. */
export async function newestApplied(sequelize: Sequelize): Promise<string | undefined> {
  const sql = `SELECT MAX(name) AS name FROM ${TABLE}`;
  const [row] = await sequelize.query<{ name: string | null }>(sql, { type: QueryTypes.SELECT });
  return row?.name ?? undefined;
}

/** Which migrations have run. Umzug only reads it: the record is written in the migration's own transaction. */
class MigrationRecord implements UmzugStorage {
  readonly #sequelize: Sequelize;

  constructor(sequelize: Sequelize) {
    this.#sequelize = sequelize;
  }

  async executed(): Promise<string[]> {
    await this.#sequelize.query(`CREATE TABLE IF NOT EXISTS ${TABLE} (name TEXT NOT NULL PRIMARY KEY)`);
    const rows = await this.#sequelize.query<{ name: string }>(`SELECT name FROM ${TABLE} ORDER BY name`, {
      type: QueryTypes.SELECT,
    });
    return rows.map((row) => row.name);
  }

  async write(name: string, direction: Direction, transaction: Transaction): Promise<void> {
    const sql =
      direction === 'up' ? `INSERT INTO ${TABLE} (name) VALUES (:name)` : `DELETE FROM ${TABLE} WHERE name = :name`;
    await this.#sequelize.query(sql, { replacements: { name }, transaction });
  }

  async logMigration(): Promise<void> {}

  async unlogMigration(): Promise<void> {}
}
