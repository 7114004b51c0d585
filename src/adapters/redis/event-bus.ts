/** The event bus of several processes: a trimmed stream for each topic, and a channel of the same name. */
import type { EventBus, Listener, Subscription } from '#application/shared/event-bus.ts';
import type { Channels } from './channels.ts';
import type { RedisConnection } from './connection.ts';
import { keys } from './keys.ts';
import type { RedisCalls } from './link.ts';
import { readScript } from './scripts.ts';
import { LOST, StreamReader } from './stream-reader.ts';

const publishEvent = readScript('publish-event');
const MAX_EVENTS = 200;
/** How soon it is tried again to tell what was lost, where no return of Redis says when. */
const RETRY_MS = 250;

type Deps = Readonly<{
  redis: Pick<RedisConnection, 'run' | 'command' | 'onReturn'>;
  channels: Channels;
  ttlMs: number;
  /** The name of a topic's stream and channel; that of a thread's events where it is left out. */
  keyOf?: (topic: string) => string;
}>;

/** What Redis does not take, because it is away or full, is told as lost as soon as it does. */
export class RedisEventBus<Event> implements EventBus<Event> {
  readonly #deps: Deps;
  readonly #untold = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: Deps) {
    this.#deps = deps;
    deps.redis.onReturn((redis) => this.#tellLost(redis));
  }

  async publish(topic: string, event: Event): Promise<void> {
    await this.#publish(this.#deps.redis, topic, JSON.stringify(event)).catch(() => this.#tellLater(topic));
  }

  async subscribe(topic: string, listener: Listener<Event>, after?: string): Promise<Subscription> {
    const { redis, channels, keyOf = keys.events } = this.#deps;
    const key = keyOf(topic);
    const reader = new StreamReader<Event>({ redis, key, listener });
    await reader.begin(after);
    const channel = await channels.open(key, {
      onMessage: (message) => reader.take(message),
      onInterruption: () => reader.wait(),
      onReturn: () => reader.catchUp(),
    });
    const end = async () => {
      reader.end();
      await channel.close();
    };
    try {
      await reader.catchUp();
    } catch (error) {
      await end();
      throw error;
    }
    return { end };
  }

  async #publish(redis: Pick<RedisCalls, 'run'>, topic: string, text: string): Promise<void> {
    const { ttlMs, keyOf = keys.events } = this.#deps;
    await redis.run(publishEvent, [keyOf(topic)], [text, String(ttlMs), String(MAX_EVENTS)]);
  }

  #tellLater(topic: string): void {
    this.#untold.add(topic);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#tellLost(this.#deps.redis).catch(() => {});
    }, RETRY_MS).unref();
  }

  /** Of now: what cannot be told meanwhile is told later, or a return of Redis would wait for the last to be silent. */
  async #tellLost(redis: Pick<RedisCalls, 'run'>): Promise<void> {
    const topics = [...this.#untold];
    this.#untold.clear();
    const told = topics.map((topic) => this.#publish(redis, topic, LOST).catch(() => this.#tellLater(topic)));
    await Promise.all(told);
  }
}
