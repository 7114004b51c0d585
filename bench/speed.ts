/** The speed layer: what a cached read takes, in the process and through Redis, and what copies of windows save. */
import { openTemporaryRedis, redisAnswers } from '../test/support/servers/temporary-redis.ts';
import { cachedReadRows } from './speed/cached-reads.ts';
import { cachedRouteRows } from './speed/cached-routes.ts';
import { contextsMemoryRow } from './speed/contexts-memory.ts';
import { windowRows } from './speed/windows.ts';
import { leftOut, type Row } from './table.ts';

export async function run(): Promise<Row[]> {
  const rows = [await contextsMemoryRow()];
  if (!(await redisAnswers())) return [...rows, leftOut('the rows of Redis', 'none answers at TEST_REDIS_URL')];
  const redis = await openTemporaryRedis();
  try {
    rows.push(...(await cachedReadRows(redis.connection)), ...(await cachedRouteRows(redis.connection)));
    rows.push(...(await windowRows(redis.connection)));
    return rows;
  } finally {
    await redis.close();
  }
}
