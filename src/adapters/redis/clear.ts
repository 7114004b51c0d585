/** Removes everything of ours from a Redis, and nothing of anybody else's. */
import { prefixes } from './keys.ts';
import type { RedisCalls } from './link.ts';

/** Keys that are looked at in one call. */
const PAGE = '1000';

/** For commands: servers that run meanwhile fill it again. Throws as the calls do. */
export async function clear(redis: Pick<RedisCalls, 'command'>): Promise<void> {
  let cursor = '0';
  do {
    const [next, found] = await redis.command<readonly [string, readonly string[]]>('SCAN', cursor, 'COUNT', PAGE);
    const ours = found.filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
    if (ours.length > 0) await redis.command('UNLINK', ...ours);
    cursor = next;
  } while (cursor !== '0');
}
