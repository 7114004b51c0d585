/** Events over an interruption: what was told meanwhile is told later, and what could not be told is told as lost. */
import { expect } from 'chai';
import { Channels } from '#adapters/redis/channels.ts';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisEventBus } from '#adapters/redis/event-bus.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';
import { until } from '../../support/until.ts';

withOwnRedis('RedisEventBus', function () {
  this.timeout(30_000);
  let redis: OwnRedis;
  let connection: RedisConnection;
  let channels: Channels;
  let bus: RedisEventBus<number>;

  beforeEach(async () => {
    redis = await OwnRedis.start();
    const address = { url: redis.url, sentinels: [] };
    connection = await RedisConnection.open(address);
    channels = new Channels(address);
    bus = new RedisEventBus({ redis: connection, channels, ttlMs: 60_000 });
  });
  afterEach(async () => {
    channels.close();
    connection.close();
    await redis.remove();
  });

  async function listening(topic: string): Promise<(number | 'lost')[]> {
    const heard: (number | 'lost')[] = [];
    await bus.subscribe(topic, { onEvent: ({ event }) => heard.push(event), onLost: () => heard.push('lost') });
    return heard;
  }
  const hears = (heard: readonly unknown[], last: unknown) => until(() => heard.at(-1) === last, `${last} is told`);
  const isBack = () => until(() => connection.state === 'redis', 'the connection is back');

  it('tells what was published while a listener’s connection was lost, without a gap and nothing twice', async () => {
    const heard = await listening('a');
    await bus.publish('a', 0);
    for (let round = 0; round < 5; round += 1) {
      await redis.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
      for (let n = 1; n <= 20; n += 1) await bus.publish('a', round * 20 + n);
      await hears(heard, (round + 1) * 20);
    }
    expect(heard).to.deep.equal(Array.from({ length: 101 }, (_, n) => n));
  });

  it('goes on with a listener who has heard nothing yet', async () => {
    const heard = await listening('a');
    await redis.ask('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await bus.publish('a', 1);
    await hears(heard, 1);
    expect(heard).to.deep.equal([1]);
  });

  it('says what is lost after Redis has forgotten everything, and goes on', async () => {
    const [heard, idle] = [await listening('a'), await listening('b')];
    await bus.publish('a', 1);
    await hears(heard, 1);
    await redis.kill();
    await until(() => connection.state === 'away', 'Redis is away');
    await bus.publish('a', 2);
    await bus.publish('b', 1);
    await redis.start();
    await isBack();
    await Promise.all([hears(heard, 'lost'), hears(idle, 'lost')]);
    await bus.publish('a', 3);
    await bus.publish('b', 2);
    await Promise.all([hears(heard, 3), hears(idle, 2)]);
    expect(heard.filter((one) => one !== 'lost')).to.deep.equal([1, 3]);
    expect(idle.filter((one) => one !== 'lost')).to.deep.equal([2]);
  });

  it('tells the listeners of other processes what was lost on the way to Redis', async () => {
    const heard = await listening('a');
    const other = await RedisConnection.open({ url: redis.url, sentinels: [] });
    const otherBus = new RedisEventBus<number>({ redis: other, channels, ttlMs: 60_000 });
    other.renew();
    await otherBus.publish('a', 1);
    await until(() => other.state === 'redis', 'the other connection is back');
    await hears(heard, 'lost');
    await otherBus.publish('a', 2);
    await hears(heard, 2);
    // At a return after which nothing is lost nothing is said.
    other.renew();
    await until(() => other.state === 'away', 'the other connection is lost');
    await until(() => other.state === 'redis', 'the other connection is back');
    await otherBus.publish('a', 3);
    await hears(heard, 3);
    expect(heard).to.deep.equal(['lost', 2, 3]);
    other.close();
  });

  it('does not keep Redis away because others go on publishing, and tells them all as lost', async () => {
    const topics = Array.from({ length: 50 }, (_, n) => `topic ${n}`);
    const heard = await listening('topic 0');
    const publishing = setInterval(() => topics.forEach((topic) => void bus.publish(topic, 1)), 1);
    try {
      for (let round = 0; round < 3; round += 1) {
        connection.renew();
        await until(() => connection.state === 'away', 'the connection is lost');
        await isBack();
      }
    } finally {
      clearInterval(publishing);
    }
    await until(() => heard.includes('lost'), 'it is told as lost');
  });

  it('tells as lost what a full Redis did not take', async () => {
    const heard = await listening('a');
    await redis.ask('CONFIG', 'SET', 'maxmemory', '1');
    await bus.publish('a', 1);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '0');
    await hears(heard, 'lost');
    await bus.publish('a', 2);
    await hears(heard, 2);
  });

  it('listens to a topic for as long as anybody does', async () => {
    const deaf = { onEvent: () => {}, onLost: () => {} };
    const [one, other] = [await bus.subscribe('a', deaf), await bus.subscribe('a', deaf)];
    const channelsOf = () => redis.ask('PUBSUB', 'CHANNELS');
    await one.end();
    expect(await channelsOf()).to.deep.equal(['ctxevents:a']);
    await other.end();
    expect(await channelsOf()).to.deep.equal([]);
  });

  it('leaves a topic again whose events it cannot read', async () => {
    const failing = {
      run: connection.run.bind(connection),
      onReturn: () => {},
      command: async <Reply>(name: string) => {
        if (name === 'XREVRANGE') return [] as Reply;
        throw new Error('no answer');
      },
    };
    const deafBus = new RedisEventBus<number>({ redis: failing, channels, ttlMs: 60_000 });
    const beginning = deafBus.subscribe('a', { onEvent: () => {}, onLost: () => {} });
    expect(String(await failureOf(beginning))).to.contain('no answer');
    expect(await redis.ask('PUBSUB', 'CHANNELS')).to.deep.equal([]);
  });

  it('publishes to nobody while Redis is away, and lets nobody begin to listen', async () => {
    await redis.kill();
    await until(() => connection.state === 'away', 'Redis is away');
    await bus.publish('a', 1);
    expect(await failureOf(listening('a'))).to.include({ code: 'store_unavailable' });
    await redis.start();
    await isBack();
    const heard = await listening('a');
    await bus.publish('a', 2);
    await hears(heard, 2);
  });
});
