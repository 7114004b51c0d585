/** What two look-ups of every request take with the cache, and without it on SQLite. */
import { EmbeddedCache } from '../../src/adapters/embedded/cache.ts';
import { RedisCache } from '../../src/adapters/redis/cache.ts';
import type { RedisConnection } from '../../src/adapters/redis/connection.ts';
import { SystemClock } from '../../src/adapters/system/clock.ts';
import { Principals } from '../../src/application/identity/roles/principals.ts';
import { ReadableSources } from '../../src/application/library/readable-sources.ts';
import type { ReadThroughCache } from '../../src/application/shared/cache.ts';
import { aSource, aUser } from '../../test/support/builders/records.ts';
import { openTemporaryDatabase } from '../../test/support/servers/temporary-database.ts';
import { quick } from '../options.ts';
import type { Row } from '../table.ts';
import { micros, timesOf } from './timing.ts';

const CALLS = quick ? 300 : 3_000;
const SOURCES = 50;
const clock = new SystemClock();

const nothingCached: Pick<ReadThroughCache, 'get'> = { get: (_area, _key, load) => load() };

export async function cachedRouteRows(redis: RedisConnection): Promise<Row[]> {
  const { stores, close } = await openTemporaryDatabase();
  try {
    const user = aUser();
    await stores.unitOfWork.run(async ({ users, sources }) => {
      await users.add(user);
      for (let n = 0; n < SOURCES; n += 1) await sources.add(aSource({ title: `Tome ${n}`, included: true }));
    });
    const lookUps = {
      'what a user may do': (cache: typeof nothingCached) => () => new Principals({ ...stores, cache }).get(user.id),
      'what a user may read': (cache: typeof nothingCached) => () =>
        new ReadableSources({ reads: stores.reads, cache, clock }).list(user.id, { limit: SOURCES }),
    };
    const rows: Row[] = [];
    for (const [name, lookUp] of Object.entries(lookUps)) {
      const stored = await timesOf(lookUp(nothingCached), 1, CALLS);
      const embedded = await timesOf(lookUp(new EmbeddedCache({ clock })), 1, CALLS);
      const shared = await timesOf(lookUp(new RedisCache({ redis, clock, alone: false })), 1, CALLS);
      rows.push(row(name, 'embedded cache', embedded.median, stored.median));
      rows.push(row(name, 'cache in Redis', shared.median, stored.median));
    }
    return rows;
  } finally {
    await close();
  }
}

function row(name: string, where: string, time: number, stored: number): Row {
  const ratio = `${(stored / time).toFixed(2)}x`;
  return { work: `${name}, ${where}`, ours: micros(time), peer: `${micros(stored)} from SQLite`, ratio };
}
