/** Events of a single process are held for those who listened, and listeners are told whatever is held. */
import { expect } from 'chai';
import { EmbeddedEventBus } from '#adapters/embedded/event-bus.ts';

describe('EmbeddedEventBus', () => {
  async function listening(bus: EmbeddedEventBus<number>, topic: string): Promise<number[]> {
    const heard: number[] = [];
    await bus.subscribe(topic, { onEvent: ({ event }) => heard.push(event), onLost: () => expect.fail('lost') });
    return heard;
  }

  it('holds nothing of a topic that nobody has listened to', async () => {
    const bus = new EmbeddedEventBus<number>();
    await bus.publish('a', 1);
    expect(bus.topics).to.equal(0);
    const heard = await listening(bus, 'a');
    await bus.publish('a', 2);
    expect(heard).to.deep.equal([2]);
    expect(bus.topics).to.equal(1);
  });

  it('tells the listeners of more topics than it holds events of', async () => {
    const bus = new EmbeddedEventBus<number>({ maxTopics: 2 });
    const topics = ['a', 'b', 'c', 'd'];
    const all = await Promise.all(topics.map((topic) => listening(bus, topic)));
    for (const n of [1, 2]) for (const topic of topics) await bus.publish(topic, n);
    expect(all).to.deep.equal(topics.map(() => [1, 2]));
    expect(bus.topics).to.equal(2);
  });
});
