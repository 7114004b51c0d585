/** The script of the worker thread that searches: it opens the records for reading, and keeps the index. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { KeptSearch } from '#adapters/sequelize/conversations/kept-search.ts';
import { openSqliteSearch } from '#adapters/sequelize/sqlite/open-search.ts';
import { refusedOf } from '#adapters/worker-threads/refused.ts';
import type { SearchAnswer, SearchAsked, SearchWork } from '#adapters/worker-threads/search-worker.ts';
import type { DatabaseSetting } from '../config/database-setting.ts';

/** How long the index is kept at a time, before it is told how far it is. */
const UPKEEP_MS = 250;

let opened: Promise<KeptSearch> | undefined;

parentPort?.on('message', async (asked: SearchAsked) => {
  parentPort?.postMessage(await answer(asked));
});

async function answer({ id, work }: SearchAsked): Promise<SearchAnswer> {
  try {
    return { id, done: await done(work) };
  } catch (error) {
    const refused = refusedOf(error);
    return refused === undefined ? { id, error } : { id, refused };
  }
}

async function done(work: SearchWork) {
  opened ??= open(workerData as DatabaseSetting);
  const { search, finder, upkeep } = await opened.catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  if (work.kind === 'search') return { page: await search.search(work.request) };
  if (work.kind === 'find') return { found: await finder.find(work.request) };
  const end = performance.now() + UPKEEP_MS;
  let hasMore = true;
  // Searches are answered between the steps.
  for (; hasMore && performance.now() < end; await nextTurn()) hasMore = await upkeep.step();
  return { hasMore, behind: await upkeep.behind() };
}

async function open(setting: DatabaseSetting): Promise<KeptSearch> {
  if (setting.kind === 'sqlite') return openSqliteSearch(setting.file);
  if (setting.kind === 'memory') throw new Error('Memory is searched where it is.');
  const { openPostgresSearch } = await import('#adapters/sequelize/postgres/open-search.ts');
  return openPostgresSearch(setting.url);
}
