/** What was loaded once and may be cached for a while, for all processes that share a Redis. */
import { randomUUID } from 'node:crypto';
import {
  type CacheArea,
  INVALIDATION_LAPSE_MS,
  type Invalidation,
  type ReadThroughCache,
} from '#application/shared/cache.ts';
import type { Clock } from '#application/shared/clock.ts';
import { cachedText, goodText, permitOf } from './cached-text.ts';
import type { RedisConnection } from './connection.ts';
import { isUnavailable, unlessAway } from './failures.ts';
import { keys } from './keys.ts';
import type { RedisCalls } from './link.ts';
import { readScript } from './scripts.ts';

const beginLoad = readScript('begin-load');
const endLoad = readScript('end-load');
const beginInvalidation = readScript('begin-invalidation');
const endInvalidation = readScript('end-invalidation');
const clearCache = readScript('clear-cache');

/** A load that takes longer is answered, and not cached. */
const PERMIT_MS = 30_000;
/** Invalidations end or lapse by the clock of a process; Redis only collects them. */
const INVALIDATIONS_MS = 2 * INVALIDATION_LAPSE_MS;
/** Longer than anything is cached: with its generation a value is forgotten. */
const GENERATIONS_MS = 24 * 60 * 60_000;

type Area = CacheArea<unknown>;

/** A load under way in this process. */
type Load = Readonly<{
  /** Its place in the order of all look-ups and loads. */
  place: number;
  permit: string;
  /** The generation in which it may be cached; null where it may not. */
  generation: Promise<string | null>;
  value: Promise<unknown>;
}>;
type Found = Readonly<{ stored: string | null; generation: string | null }>;

type Deps = Readonly<{
  redis: RedisConnection;
  clock: Clock;
  /** Whether no other process serves from this cache. */
  alone: boolean;
}>;

/** While Redis is away every value is loaded. What that means for changes, `invalidate` says. */
export class RedisCache implements ReadThroughCache {
  readonly #deps: Deps;
  readonly #loads = new Map<string, Load>();
  #places = 0;

  constructor(deps: Deps) {
    this.#deps = deps;
    // While it was away invalidations did not reach it, and one that crashed may have lost those that did.
    deps.redis.onReturn((calls) => clear(calls));
  }

  /** Forgets everything: what is there may be of another release, or older than a change by hand. */
  empty(): Promise<void> {
    return clear(this.#deps.redis);
  }

  async get<Value>(area: CacheArea<Value>, key: string, load: () => Promise<Value>): Promise<Value> {
    const place = ++this.#places;
    const name = keys.cached(area.name, key);
    const found = await unlessAway(this.#find(area, name));
    if (found === undefined) return load();
    const text = goodText(found.stored, found.generation, this.#now);
    if (text !== undefined) return area.decode(text);
    const underWay = this.#loads.get(name);
    if (underWay === undefined || !(await isFresh(underWay, place, found))) return this.#begin(area, key, load);
    return (await underWay.generation) === null ? load() : (underWay.value as Promise<Value>);
  }

  /**
   * Throws where Redis is away: another process may reach it, and go on with the old value. Where there is none, the
   * connection is given up instead: everything is forgotten before the cache is used again.
   */
  invalidate(area: Area, key: string): Promise<Invalidation> {
    return this.#invalidate([keys.cached(area.name, key), keys.invalidations(area.name, key)]);
  }

  clear(area: Area): Promise<Invalidation> {
    return this.#invalidate([keys.generation(area.name), keys.invalidations(area.name)]);
  }

  get #now(): number {
    return this.#deps.clock.now().getTime();
  }

  async #find({ name }: Pick<Area, 'name'>, key: string): Promise<Found> {
    const words = ['MGET', key, keys.generation(name)] as const;
    const [stored = null, generation = null] = await this.#deps.redis.command<readonly (string | null)[]>(...words);
    return { stored, generation };
  }

  async #begin<Value>(area: CacheArea<Value>, key: string, load: () => Promise<Value>): Promise<Value> {
    const name = keys.cached(area.name, key);
    const permit = permitOf(randomUUID());
    const generation = this.#permitted(area, key, permit);
    const value = this.#loaded(area, name, { permit, generation }, load);
    const underWay = { place: ++this.#places, permit, generation, value };
    this.#loads.set(name, underWay);
    try {
      return await value;
    } finally {
      if (this.#loads.get(name) === underWay) this.#loads.delete(name);
    }
  }

  async #permitted({ name }: Pick<Area, 'name'>, key: string, permit: string): Promise<string | null> {
    const invalidations = [keys.invalidations(name, key), keys.invalidations(name)];
    const concerned = [keys.cached(name, key), keys.generation(name), ...invalidations, keys.generations];
    const values = [String(this.#now), permit, String(PERMIT_MS), randomUUID(), String(GENERATIONS_MS)];
    return (await unlessAway(this.#deps.redis.run<string | null>(beginLoad, concerned, values))) ?? null;
  }

  async #loaded<Value>(
    area: CacheArea<Value>,
    name: string,
    { permit, generation }: Pick<Load, 'permit' | 'generation'>,
    load: () => Promise<Value>,
  ): Promise<Value> {
    const begun = await generation;
    const value = await load();
    const ttlMs = area.ttlMs(value, this.#deps.clock.now());
    if (begun === null || ttlMs < 1) return value;
    const text = cachedText({ text: area.encode(value), generation: begun, untilMs: this.#now + ttlMs });
    const values = [permit, begun, text, String(Math.floor(ttlMs))];
    await unlessAway(this.#deps.redis.run(endLoad, [name, keys.generation(area.name)], values));
    return value;
  }

  async #invalidate(concerned: readonly string[]): Promise<Invalidation> {
    const { redis } = this.#deps;
    const token = randomUUID();
    const values = [token, String(this.#now + INVALIDATION_LAPSE_MS), String(INVALIDATIONS_MS)];
    await this.#orRenewed(redis.run(beginInvalidation, concerned, values));
    return { end: () => this.#orRenewed(redis.run(endInvalidation, concerned, [token])) };
  }

  async #orRenewed(forgotten: Promise<unknown>): Promise<void> {
    try {
      await forgotten;
    } catch (error) {
      if (!this.#deps.alone || !isUnavailable(error)) throw error;
      this.#deps.redis.renew();
    }
  }
}

async function clear(redis: RedisCalls): Promise<void> {
  await redis.run(clearCache, [keys.generations]);
}

/** Whether a load shows what was there when a look-up began: it came later, or nothing was invalidated since. */
async function isFresh(load: Load, place: number, { stored, generation }: Found): Promise<boolean> {
  return load.place > place || (stored === load.permit && generation === (await load.generation));
}
