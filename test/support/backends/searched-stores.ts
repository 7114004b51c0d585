/** Record stores with the search over what is said in them, on each backend that has them. */
import { MemoryDatabase } from '#adapters/memory/database.ts';
import type { KeptSearch } from '#adapters/sequelize/conversations/kept-search.ts';
import { openPostgresSearch } from '#adapters/sequelize/postgres/open-search.ts';
import { openSqliteSearch } from '#adapters/sequelize/sqlite/open-search.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import type { TranscriptSearch } from '#application/conversations/search/transcript-search.ts';
import type { RecordStores } from '#application/repos.ts';
import type { PassageFinder } from '#application/retrieval/finding/passage-finder.ts';
import { openTemporaryDatabase, SEEDERS } from '../servers/temporary-database.ts';
import { openTemporaryPostgres } from '../servers/temporary-postgres.ts';
import type { Openers } from './backends.ts';
import type { SqlDatabase } from './sql-databases.ts';

export type SearchedStores = Readonly<{
  stores: RecordStores;
  search: TranscriptSearch;
  finder: PassageFinder;
  /** Brings the index up to the transcripts, where there is one. */
  index(): Promise<void>;
}>;

/** A database with its index, which may be opened once more as after a kill. */
export type SearchedDatabase = SearchedStores &
  Readonly<{
    database: SqlDatabase;
    /** The path of a SQLite file; null on PostgreSQL. */
    file: string | null;
    kept(): KeptSearch;
    /** `between`: what happens to its file while it is closed. */
    reopen(between?: () => void): Promise<void>;
  }>;

export const searchedDatabases: Openers<SearchedDatabase> = {
  sqlite: async () => {
    const { file, database, close } = await openTemporaryDatabase();
    return searched({ database, file, open: () => openSqliteSearch(file), close });
  },
  postgres: async () => {
    const { url, database, close } = await openTemporaryPostgres();
    return searched({ database, file: null, open: () => openPostgresSearch(url), close });
  },
};

export const searchedStores: Openers<SearchedStores> = {
  ...searchedDatabases,
  memory: async () => {
    const database = new MemoryDatabase();
    await new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork }).up();
    const { search, finder } = database;
    return { harness: { stores: database, search, finder, index: async () => {} }, close: async () => {} };
  },
};

type Opening = Readonly<{
  database: SqlDatabase;
  file: string | null;
  open(): Promise<KeptSearch>;
  close(): Promise<void>;
}>;

async function searched({ database, file, open, close }: Opening) {
  let kept = await open();
  const harness: SearchedDatabase = {
    stores: database.stores(),
    database,
    file,
    search: { search: (request) => kept.search.search(request) },
    finder: { find: (request) => kept.finder.find(request) },
    kept: () => kept,
    async index() {
      while (await kept.upkeep.step());
    },
    async reopen(between = () => {}) {
      await kept.close();
      between();
      kept = await open();
    },
  };
  return {
    harness,
    close: async () => {
      await kept.close();
      await close();
    },
  };
}
