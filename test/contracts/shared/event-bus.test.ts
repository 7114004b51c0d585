/** What every event bus promises. */
import { expect } from 'chai';
import { EmbeddedEventBus } from '#adapters/embedded/event-bus.ts';
import { Channels } from '#adapters/redis/channels.ts';
import { RedisEventBus } from '#adapters/redis/event-bus.ts';
import type { EventBus, Listener, Subscription } from '#application/shared/event-bus.ts';
import { contract, type Openers, type Plan } from '../../support/backends/backends.ts';
import { newId } from '../../support/builders/records.ts';
import { openTemporaryRedis } from '../../support/servers/temporary-redis.ts';
import { until } from '../../support/until.ts';

const PLAN: Plan = {
  memory: { skip: 'the embedded one needs no file' },
  sqlite: { skip: 'events live in the speed layer' },
  embedded: 'run',
  postgres: { skip: 'events live in the speed layer' },
  redis: 'run',
};

type Event = Readonly<{ text: string; n: number }>;
/** `other` is the bus as another process has it; the same one where there is only one process. */
type Harness = Readonly<{ bus: EventBus<Event>; other: EventBus<Event> }>;

const openers: Openers<Harness> = {
  embedded: async () => {
    const bus = new EmbeddedEventBus<Event>();
    return { harness: { bus, other: bus }, close: async () => {} };
  },
  redis: async () => {
    const opened = [await openTemporaryRedis(), await openTemporaryRedis()].map(({ url, connection, close }) => {
      const channels = new Channels({ url, sentinels: [] });
      const closeAll = async () => {
        channels.close();
        await close();
      };
      return { bus: new RedisEventBus<Event>({ redis: connection, channels, ttlMs: 60_000 }), close: closeAll };
    });
    const [one, two] = opened as [(typeof opened)[0], (typeof opened)[0]];
    return {
      harness: { bus: one.bus, other: two.bus },
      close: async () => {
        await Promise.all([one.close(), two.close()]);
      },
    };
  },
};

const HELD = 200;

contract('EventBus', PLAN, openers, (harness) => {
  let topic: string;
  const bus = () => harness().bus;
  const publish = (n: number, by = bus()) => by.publish(topic, { text: `“${n}” 🐉\n`, n });

  beforeEach(() => {
    topic = newId('thread');
  });

  /** What a listener was told, in order: numbers of events, and `lost`. */
  class Heard implements Listener<Event> {
    readonly all: (number | 'lost')[] = [];
    readonly ids: string[] = [];
    onEvent({ id, event }: Readonly<{ id: string; event: Event }>): void {
      expect(event.text).to.equal(`“${event.n}” 🐉\n`);
      this.all.push(event.n);
      this.ids.push(id);
    }
    onLost(): void {
      this.all.push('lost');
    }
    hears(...expected: readonly (number | 'lost')[]): Promise<unknown> {
      const isThere = () => this.all.length >= expected.length;
      return until(isThere, `${expected.length} events`).then(() => expect(this.all).to.deep.equal(expected));
    }
  }

  async function listening(after?: string, at = bus()): Promise<Heard & Subscription> {
    const heard = new Heard();
    const subscription = await at.subscribe(topic, heard, after);
    return Object.assign(heard, { end: () => subscription.end() });
  }

  it('tells every listener of a topic what comes from then on, in order, in every process', async () => {
    await publish(0);
    const listeners = [await listening(), await listening(), await listening(undefined, harness().other)];
    const numbers = Array.from({ length: 50 }, (_, i) => i + 1);
    for (const n of numbers) await publish(n, n % 2 === 0 ? bus() : harness().other);
    for (const heard of listeners) await heard.hears(...numbers);
    expect(listeners[1]!.ids).to.deep.equal(listeners[0]!.ids);
    expect(listeners[2]!.ids).to.deep.equal(listeners[0]!.ids);
    expect(new Set(listeners[0]!.ids).size).to.equal(50);
  });

  it('tells nothing of another topic', async () => {
    const heard = await listening();
    await bus().publish(newId('thread'), { text: 'elsewhere', n: 1 });
    await publish(2);
    await heard.hears(2);
  });

  it('tells a listener nothing after its end, and the others everything', async () => {
    const [first, second] = [await listening(), await listening()];
    await publish(1);
    await first.hears(1);
    await first.end();
    await first.end();
    await publish(2);
    await second.hears(1, 2);
    expect(first.all).to.deep.equal([1]);
  });

  it('goes on after an event, without a gap and without telling any twice', async () => {
    const heard = await listening();
    for (const n of [1, 2, 3, 4]) await publish(n);
    await heard.hears(1, 2, 3, 4);
    const resumed = await listening(heard.ids[1], harness().other);
    await publish(5);
    await resumed.hears(3, 4, 5);
    const latest = await listening(heard.ids[3]);
    await publish(6);
    await latest.hears(5, 6);
  });

  it('goes on without a gap while others publish', async () => {
    const heard = await listening();
    await publish(0);
    await heard.hears(0);
    let isDone = false;
    const publishing = (async () => {
      for (let n = 1; n <= 150; n += 1) await publish(n);
      isDone = true;
    })();
    const resumed: Heard[] = [];
    while (!isDone) {
      resumed.push(await listening(heard.ids[0]));
      await new Promise(setImmediate);
    }
    await publishing;
    const all = Array.from({ length: 150 }, (_, i) => i + 1);
    for (const one of resumed) await one.hears(...all);
  });

  it(`holds the newest ${HELD} events of a topic, and says where more are asked for`, async () => {
    const heard = await listening();
    for (let n = 0; n <= HELD; n += 1) await publish(n);
    await heard.hears(...Array.from({ length: HELD + 1 }, (_, n) => n));
    const oldest = await listening(heard.ids[1]);
    await oldest.hears(...Array.from({ length: HELD - 1 }, (_, i) => i + 2));
    const late = await listening(heard.ids[0]);
    await publish(HELD + 1);
    await late.hears('lost', HELD + 1);
  });

  for (const [what, after] of [
    ['of nobody', '1700000000000-7'],
    ['that is none', 'nonsense'],
  ]) {
    it(`says that events may be lost after an id ${what}`, async () => {
      await publish(1);
      const heard = await listening(after);
      await publish(2);
      await heard.hears('lost', 2);
    });
  }
});
