/** Leases that several processes share: a key each, which its holder alone gives back. */
import { randomUUID } from 'node:crypto';
import type { Leases } from '#application/shared/leases.ts';
import { unlessAway } from './failures.ts';
import { keys } from './keys.ts';
import type { RedisCalls } from './link.ts';
import { readScript } from './scripts.ts';

const endLease = readScript('end-lease');

export class RedisLeases implements Leases {
  readonly #redis: RedisCalls;

  constructor(deps: Readonly<{ redis: RedisCalls }>) {
    this.#redis = deps.redis;
  }

  async run<T>(name: string, ttlMs: number, work: () => Promise<T>): Promise<T | undefined> {
    const [key, holder] = [keys.lease(name), randomUUID()];
    const taken = await this.#redis.command<string | null>('SET', key, holder, 'NX', 'PX', String(ttlMs));
    if (taken === null) return undefined;
    try {
      return await work();
    } finally {
      // Where Redis is away it lapses.
      await unlessAway(this.#redis.run(endLease, [key], [holder]));
    }
  }
}
