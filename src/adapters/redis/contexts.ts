/** Copies of windows in Redis, for all processes: the entries as a list, and what they are of as a hash. */
import type { Contexts, WindowCopy } from '#application/conversations/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { EstimatorName } from '#domain/conversations/usage.ts';
import type { Entry } from '#domain/conversations/window.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { keys } from './keys.ts';
import type { RedisCalls } from './link.ts';
import { readScript } from './scripts.ts';

const scripts = {
  find: readScript('find-context'),
  save: readScript('save-context'),
  remove: readScript('remove-contexts'),
};
/** A longer window, in characters of JSON, would hold up Redis and both ends; it is read from the database. */
const MAX_CHARACTERS = 1_000_000;

/** As the scripts answer and take them; `until` is in milliseconds since 1970. */
type Meta = readonly [version: string, lastSeq: string, ownerId: string, countedBy: string, until: string];
type Deps = Readonly<{ redis: RedisCalls; clock: Clock; ttlMs: number }>;

/** Nothing here throws: without its copy a window is read from the database. */
export class RedisContexts implements Contexts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async find(id: ThreadId): Promise<WindowCopy | undefined> {
    const { redis, clock } = this.#deps;
    return unlessFailed(async () => {
      const found = await redis.run<readonly [Meta, readonly string[]] | null>(scripts.find, keys.context(id));
      if (found === null) return undefined;
      const [[version, lastSeq, ownerId, countedBy, until], entries] = found;
      if (clock.now().getTime() >= Number(until)) return undefined;
      return {
        threadId: id,
        ownerId: ownerId as UserId,
        version: Number(version),
        lastSeq: Number(lastSeq),
        entries: entries.map((entry) => JSON.parse(entry) as Entry),
        countedBy: JSON.parse(countedBy) as readonly EstimatorName[],
      };
    });
  }

  async save({ threadId, ownerId, version, lastSeq, entries, countedBy }: WindowCopy): Promise<void> {
    const { redis, clock, ttlMs } = this.#deps;
    await unlessFailed(async () => {
      const texts = entries.map((entry) => JSON.stringify(entry));
      if (texts.reduce((sum, text) => sum + text.length, 0) > MAX_CHARACTERS) return;
      const now = clock.now().getTime();
      const meta: Meta = [String(version), String(lastSeq), ownerId, JSON.stringify(countedBy), String(now + ttlMs)];
      const places = [...keys.context(threadId), keys.contextsOf(ownerId)];
      await redis.run(scripts.save, places, [threadId, String(now), String(ttlMs), ...meta, ...texts]);
    });
  }

  /** The owner's list of copies may name it for some time longer. */
  async remove(id: ThreadId): Promise<void> {
    await unlessFailed(() => this.#deps.redis.command('DEL', ...keys.context(id)));
  }

  async removeByOwner(ownerId: UserId): Promise<void> {
    await unlessFailed(() => this.#deps.redis.run(scripts.remove, [keys.contextsOf(ownerId)], [ownerId]));
  }
}

async function unlessFailed<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
