/** What is left in Redis by everything that uses it: the keys of the table in docs/redis.md, each with an end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { RedisCache } from '#adapters/redis/cache.ts';
import { Channels } from '#adapters/redis/channels.ts';
import { clear } from '#adapters/redis/clear.ts';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { RedisContexts } from '#adapters/redis/contexts.ts';
import { RedisEventBus } from '#adapters/redis/event-bus.ts';
import { keys, prefixes } from '#adapters/redis/keys.ts';
import { RedisRateLimiter } from '#adapters/redis/rate-limiter.ts';
import { RedisSessions } from '#adapters/redis/sessions.ts';
import { RedisSignInDelays } from '#adapters/redis/sign-in-delays.ts';
import { cacheArea } from '#application/shared/cache.ts';
import { verbatim } from '#domain/conversations/window.ts';
import { aMessage, aSession, aThread, at, newId } from '../../support/builders/records.ts';
import { ROOT } from '../../support/project.ts';
import { OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';

const DIGEST = 'a'.repeat(64);
const PERSONAL = ['vex@example.org', '192.0.2.1', 'Firefox'];
const clock = { now: () => at(0) };
const area = cacheArea<string>({ name: 'permissions', ttlMs: () => 60_000 });
const otherArea = { ...area, name: 'sources' };

/** The rows of the table: a pattern of names, and the type. */
function documented(): readonly Readonly<{ key: string; pattern: RegExp; type: string }>[] {
  const [, table = ''] = readFileSync(join(ROOT, 'docs/redis.md'), 'utf8').split('\n## Keys\n');
  const rows = table.matchAll(/^\| `([^`]+)` +\| (\w[\w ]*?) +\|/gm);
  return [...rows].map(([, key = '', type = '']) => {
    const pattern = key.replaceAll('<digest>', '[0-9a-f]{64}').replaceAll(/<\w+>/g, '[^:]+');
    return { key, pattern: new RegExp(`^${pattern}$`), type: type === 'sorted set' ? 'zset' : type };
  });
}

withOwnRedis('the keys in Redis', () => {
  let redis: OwnRedis;
  let connection: RedisConnection;

  beforeEach(async () => {
    redis = await OwnRedis.start();
    connection = await RedisConnection.open({ url: redis.url, sentinels: [] });
  });
  afterEach(async () => {
    connection?.close();
    await redis?.remove();
  });

  async function useEverything(): Promise<void> {
    const sessions = new RedisSessions({ redis: connection });
    await sessions.begin(aSession(newId('user'), { digest: DIGEST, ip: '192.0.2.1' }), 20);
    await sessions.touch(aSession(newId('user'), { digest: DIGEST, lastSeenAt: at(5) }));
    const delays = new RedisSignInDelays({ redis: connection, meanwhile: new EmbeddedSignInDelays() });
    await delays.attempt({ account: 'vex@example.org', address: '192.0.2.1' }, at(0));
    const limit = { requests: 5, windowMs: 60_000 };
    const charge = { area: 'anonymous', key: '192.0.2.1', limit, cost: 1 } as const;
    await new RedisRateLimiter({ redis: connection }).take([charge], at(0));
    const contexts = new RedisContexts({ redis: connection, clock, ttlMs: 60_000 });
    const thread = aThread(newId('user'));
    const entry = verbatim(aMessage(thread.id), 1, false);
    const { id: threadId, ownerId } = thread;
    await contexts.save({ threadId, ownerId, version: 1, lastSeq: 1, entries: [entry], countedBy: ['chars_div_4'] });
    const channels = new Channels({ url: redis.url, sentinels: [] });
    const bus = { redis: connection, channels, ttlMs: 60_000 };
    await new RedisEventBus(bus).publish(threadId, { n: 1 });
    await new RedisEventBus({ ...bus, keyOf: keys.accessChanges }).publish('all', { n: 1 });
    await connection.command('SET', keys.lease('oauth_account:1'), 'a process', 'NX', 'PX', '60000');
    const cache = new RedisCache({ redis: connection, clock, alone: false });
    await cache.get(area, 'usr_1', async () => 'value');
    await cache.invalidate(area, 'usr_2');
    await cache.clear(otherArea);
  }

  it('are those of the table, all of them, and nothing else', async () => {
    await useEverything();
    const rows = documented();
    const names = (await redis.ask('KEYS', '*')) as string[];
    for (const name of names) {
      const row = rows.find(({ pattern }) => pattern.test(name));
      expect(row, `${name} is not in the table`).not.to.equal(undefined);
      expect(await redis.ask('TYPE', name), name).to.equal(row?.type);
    }
    const unused = rows.filter(({ pattern }) => !names.some((name) => pattern.test(name)));
    expect(unused.map(({ key }) => key)).to.deep.equal([]);
  });

  it('begin as the list says by which they are cleared, and all of it is used', async () => {
    await useEverything();
    const names = (await redis.ask('KEYS', '*')) as string[];
    for (const prefix of prefixes)
      expect(
        names.some((name) => name.startsWith(prefix)),
        prefix,
      ).to.equal(true);
    await redis.ask('SET', 'somebody:else', 'x');
    await clear(connection);
    expect(await redis.ask('KEYS', '*')).to.deep.equal(['somebody:else']);
  });

  it('go by themselves, and say nothing personal', async () => {
    await useEverything();
    for (const name of (await redis.ask('KEYS', '*')) as string[]) {
      expect(await redis.ask('PTTL', name), name).to.be.within(1, 24 * 60 * 60_000);
      for (const text of PERSONAL) expect(name).not.to.contain(text);
    }
  });

  it('are fewer once all sessions of a user have ended', async () => {
    const sessions = new RedisSessions({ redis: connection });
    const user = newId('user');
    for (let i = 0; i < 5; i += 1) await sessions.begin(aSession(user), 3);
    expect(await redis.ask('DBSIZE')).to.equal(5);
    await sessions.endByUser(user, at(0));
    expect(await redis.ask('KEYS', '*')).to.deep.equal([]);
  });
});
