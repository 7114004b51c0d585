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

type Deps = Readonly<{
  redis: Pick<RedisConnection, 'run' | 'command' | 'onReturn'>;
  channels: Channels;
  ttlMs: number;
}>;

/** What Redis does not take while it is away is told as lost when it is back. */
export class RedisEventBus<Event> implements EventBus<Event> {
  readonly #deps: Deps;
  readonly #untold = new Set<string>();

  constructor(deps: Deps) {
    this.#deps = deps;
    deps.redis.onReturn((redis) => this.#tellLost(redis));
  }

  async publish(topic: string, event: Event): Promise<void> {
    await this.#publish(this.#deps.redis, topic, JSON.stringify(event)).catch(() => this.#untold.add(topic));
  }

  async subscribe(topic: string, listener: Listener<Event>, after?: string): Promise<Subscription> {
    const { redis, channels } = this.#deps;
    const key = keys.events(topic);
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
    await redis.run(publishEvent, [keys.events(topic)], [text, String(this.#deps.ttlMs), String(MAX_EVENTS)]);
  }

  async #tellLost(redis: RedisCalls): Promise<void> {
    for (const topic of this.#untold) {
      await this.#publish(redis, topic, LOST);
      this.#untold.delete(topic);
    }
  }
}
