/** A cached value, as the embedded cache and Redis give it. */
import { EmbeddedCache } from '../../src/adapters/embedded/cache.ts';
import { RedisCache } from '../../src/adapters/redis/cache.ts';
import type { RedisConnection } from '../../src/adapters/redis/connection.ts';
import { SystemClock } from '../../src/adapters/system/clock.ts';
import { principalArea } from '../../src/application/identity/cached-rights.ts';
import { aUser } from '../../test/support/builders/records.ts';
import { quick } from '../options.ts';
import type { Row } from '../table.ts';
import { micros, timesOf } from './timing.ts';

const CALLS = quick ? 500 : 5_000;
const PRINCIPAL = { user: aUser(), permissions: ['chat.use', 'sources.read', 'games.use'] } as const;

export async function cachedReadRows(redis: RedisConnection): Promise<Row[]> {
  const clock = new SystemClock();
  const embedded = new EmbeddedCache({ clock });
  const shared = new RedisCache({ redis, clock, alone: false });
  const read = (cache: EmbeddedCache | RedisCache) => () => cache.get(principalArea, 'usr_1', async () => PRINCIPAL);
  const inProcess = await timesOf(read(embedded), 1, CALLS * 10);
  const alone = await timesOf(read(shared), 1, CALLS);
  const together = await timesOf(read(shared), 20, CALLS);
  return [
    row('cached read, embedded: p99', inProcess.p99, 20),
    row('cached read through Redis: median of one caller', alone.median, 300),
    row('cached read through Redis, 20 at once: p99', together.p99, 5_000),
  ];
}

function row(work: string, time: number, bar: number): Row {
  return { work, ours: micros(time), bar: `< ${micros(bar)}`, met: time < bar };
}
