/** Opens search on PostgreSQL: on pools of its own, so that no other request waits for a connection behind a search. */
import { type KeptSearch, keptSearch } from '../conversations/kept-search.ts';
import { maintenanceConnectionTo, openPool } from './connection.ts';
import { PostgresQueries } from './queries.ts';
import { PostgresSearchIndex } from './search-index.ts';

const CONNECTIONS = 3;
/** The server cancels a search in time; where it says nothing at all, we stop listening. */
const STATEMENT_TIMEOUT_MS = 2_000;
const SILENCE_TIMEOUT_MS = 2_300;

export async function openPostgresSearch(url: string): Promise<KeptSearch> {
  const limits = { statement_timeout: STATEMENT_TIMEOUT_MS, query_timeout: SILENCE_TIMEOUT_MS };
  const searches = openPool({ ...maintenanceConnectionTo(withoutCompiling(url)), ...limits }, CONNECTIONS);
  const upkeep = openPool(maintenanceConnectionTo(url), 1);
  const queries = new PostgresQueries(searches, { readOnly: true });
  return keptSearch({ queries, index: new PostgresSearchIndex({ searches, upkeep }) }, async () => {
    await searches.end();
    await upkeep.end();
  });
}

/** To compile a statement of a few milliseconds takes longer than to run it. */
function withoutCompiling(url: string): string {
  const parsed = new URL(url);
  const given = parsed.searchParams.get('options') ?? '';
  parsed.searchParams.set('options', `${given} -c jit=off`.trim());
  return parsed.href;
}
