/** Leases that several processes share: a key each, which its holder alone gives back. */
import { randomUUID } from 'node:crypto';
import type { Lease, Leases } from '#application/shared/leases.ts';
import { unlessAway } from './failures.ts';
import { keys } from './keys.ts';
import type { RedisCalls } from './link.ts';
import { readScript } from './scripts.ts';

const endLease = readScript('end-lease');
const renewLease = readScript('renew-lease');
/** A lease is renewed so many times before it would lapse: one renewal may fail. */
const RENEWALS = 3;

export class RedisLeases implements Leases {
  readonly #redis: RedisCalls;

  constructor(deps: Readonly<{ redis: RedisCalls }>) {
    this.#redis = deps.redis;
  }

  async run<T>(name: string, ttlMs: number, work: () => Promise<T>): Promise<T | undefined> {
    const holder = randomUUID();
    if (!(await this.#take(name, holder, ttlMs))) return undefined;
    try {
      return await work();
    } finally {
      // Where Redis is away it lapses.
      await unlessAway(this.end(name, holder));
    }
  }

  async hold(name: string, holder: string, ttlMs: number): Promise<Lease | undefined> {
    if (!(await this.#take(name, holder, ttlMs))) return undefined;
    const lost = new AbortController();
    const renew = async () => {
      // While Redis is away nobody else can take it: what has become of it shows afterwards.
      const renewed = await this.#redis.run(renewLease, [keys.lease(name)], [holder, String(ttlMs)]).catch(() => 1);
      if (renewed === 0) lost.abort();
    };
    const renewals = setInterval(renew, ttlMs / RENEWALS).unref();
    const end = async () => {
      clearInterval(renewals);
      await this.end(name, holder).catch(() => {});
    };
    return { lost: lost.signal, end };
  }

  async findHolder(name: string): Promise<string | undefined> {
    return (await this.#redis.command<string | null>('GET', keys.lease(name))) ?? undefined;
  }

  async end(name: string, holder: string): Promise<void> {
    await this.#redis.run(endLease, [keys.lease(name)], [holder]);
  }

  async #take(name: string, holder: string, ttlMs: number): Promise<boolean> {
    const taken = await this.#redis.command<string | null>('SET', keys.lease(name), holder, 'NX', 'PX', String(ttlMs));
    return taken !== null;
  }
}
