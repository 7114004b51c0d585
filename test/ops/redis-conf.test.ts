/** `ops/redis/redis.conf`, as a Redis reads it that is started with it. */
import { join } from 'node:path';
import { expect } from 'chai';
import { RedisConnection } from '#adapters/redis/connection.ts';
import { ROOT } from '../support/project.ts';
import { OwnRedis, withOwnRedis } from '../support/servers/own-redis.ts';
import { until } from '../support/until.ts';

const EXPECTED: Readonly<Record<string, string>> = {
  bind: '127.0.0.1 -::1',
  'protected-mode': 'yes',
  appendonly: 'yes',
  appendfsync: 'everysec',
  save: '',
  'maxmemory-policy': 'noeviction',
  maxmemory: String(256 * 1024 * 1024),
};

withOwnRedis('ops/redis/redis.conf', () => {
  it('is for this machine alone, writes down what it holds, and evicts nothing', async () => {
    const redis = await OwnRedis.startFrom(join(ROOT, 'ops/redis/redis.conf'));
    const connection = await RedisConnection.open({ url: redis.url, sentinels: [] });
    try {
      for (const [name, value] of Object.entries(EXPECTED)) {
        const answer = await connection.command<Readonly<Record<string, string>>>('CONFIG', 'GET', name);
        expect(answer[name], name).to.equal(value);
      }
      await connection.command('SET', 'a', 'written down');
      await redis.ask('CONFIG', 'SET', 'appendfsync', 'always');
      await redis.kill();
      await redis.start('--appendonly', 'yes');
      // It listens while it still reads what it had written down.
      const answer = () => redis.ask('GET', 'a').catch(() => undefined);
      expect(await until(answer, 'it has loaded')).to.equal('written down');
    } finally {
      connection.close();
      await redis.remove();
    }
  });
});
