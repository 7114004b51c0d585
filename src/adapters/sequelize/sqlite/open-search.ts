/** Opens search on a SQLite file that this process serves: on a connection of its own, which reads records alone. */
import { type KeptSearch, keptSearch } from '../conversations/kept-search.ts';
import { PreparedStatements } from './prepared-statements.ts';
import { SqliteQueries } from './queries.ts';
import { openSearchFile } from './search-file.ts';
import { SqliteSearchIndex } from './search-index.ts';

/** Throws the driver's error where the index can neither be opened nor made. */
export async function openSqliteSearch(file: string): Promise<KeptSearch> {
  const database = openSearchFile(file);
  const queries = new SqliteQueries(new PreparedStatements(database));
  return keptSearch({ queries, index: new SqliteSearchIndex(database) }, async () => database.close());
}
