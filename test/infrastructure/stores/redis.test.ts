/** A server on Redis, by one setting: what is there, what is not loaded without it, and what a start says. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Scraped } from '../../support/metrics/scraped.ts';
import { ROOT } from '../../support/project.ts';
import { MASTER_NAME, OwnRedis, withOwnRedis } from '../../support/servers/own-redis.ts';
import { ServerProcess } from '../../support/servers/process.ts';
import {
  ADMIN,
  type Settings,
  sqliteSettings,
  startTestServer,
  type TestServer,
} from '../../support/servers/server.ts';
import { until } from '../../support/until.ts';

const IN_REDIS = {
  sessions: 'redis',
  cache: 'redis',
  rate_limits: 'redis',
  sign_in_delays: 'redis',
  contexts: 'redis',
  events: 'redis',
};

withOwnRedis('a server on Redis', function () {
  this.timeout(30_000);
  let redis: OwnRedis;
  const servers: TestServer[] = [];

  beforeEach(async () => {
    redis = await OwnRedis.start();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
    await redis?.remove();
  });

  async function start(settings: Settings): Promise<TestServer> {
    const server = await startTestServer(settings);
    servers.push(server);
    return server;
  }
  const adaptersOf = async (server: TestServer) => (await (await server.admin()).get('/admin/stats')).body.adapters;
  const checksOf = async (server: TestServer) => (await server.client().get('/health/ready')).body.checks;
  const logged = (server: TestServer, text: string) => server.logs.filter((line) => line.includes(text));

  it('has all stores there, and leaves no secret in them', async () => {
    const server = await start({ REDIS_URL: redis.url, RATE_LIMIT_ACTOR_PER_MINUTE: '100' });
    expect(await adaptersOf(server)).to.include(IN_REDIS);
    expect(await checksOf(server)).to.deep.equal({ database: 'memory', speed_layer: 'redis', redis: 'redis' });
    const client = await server.user('player');
    const token = await server.token(client, 'chat.use');
    await server.client().post('/auth/login', { login: ADMIN.login, password: 'wrong-heron-lantern' });
    await server.client().get('/auth/me', { Authorization: `Bearer ${token}` });
    const thread = (await client.post('/chat', {})).body.id;
    await client.post(`/chat/${thread}`, { content: 'A door opens.' });
    await client.get(`/chat/${thread}`);
    const kept = [`ctx:${thread}`, `ctxmeta:${thread}`, `ctxevents:${thread}`];
    await until(async () => Number(await redis.ask('EXISTS', ...kept)) === kept.length, 'window and events are there');
    const contents = await redis.contents();
    for (const area of ['sess:', 'idx:', 'delay:', 'ratelimit:actor:', 'cache:permissions:', 'cache:api_tokens:'])
      expect(contents).to.contain(area);
    const secret = client.cookie?.split('=')[1] as string;
    for (const hidden of [secret, token, token.split('_')[2] as string, ADMIN.password, 'wrong-heron-lantern'])
      expect(contents).not.to.contain(hidden);
  });

  it('is asked three times for a request by session: for the session, for what its user may do, and for the limit', async () => {
    const server = await start({ REDIS_URL: redis.url, RATE_LIMIT_ACTOR_PER_MINUTE: '100' });
    const client = await server.user('player');
    const calls = async () => {
      const { lines } = new Scraped((await server.client().get('/metrics')).text);
      // A scrape itself counts sessions.
      const counted = lines.filter(
        ({ name, labels }) => name === 'tavernkeep_redis_calls_total' && labels.call !== 'ZCOUNT',
      );
      return new Map(counted.map(({ labels, value }) => [labels.call, value]));
    };
    await client.get('/auth/me');
    const before = await calls();
    expect((await client.get('/auth/me')).status).to.equal(200);
    const asked = [...(await calls())].map(([call, value]) => [call, value - (before.get(call) ?? 0)]);
    expect(Object.fromEntries(asked.filter(([, times]) => times !== 0))).to.deep.equal({
      HMGET: 1,
      MGET: 1,
      'take-request': 1,
    });
  });

  it('has only those stores there that are said to be', async () => {
    const server = await start({ REDIS_URL: redis.url, SESSION_STORE: 'memory', CACHE_STORE: 'embedded' });
    const elsewhere = { sessions: 'memory', cache: 'embedded' };
    expect(await adaptersOf(server)).to.include({ ...IN_REDIS, ...elsewhere });
    expect(await redis.contents())
      .not.to.contain('sess:')
      .and.not.to.contain('cache:');
  });

  it('does not connect where no store is said to be there', async () => {
    const none = {
      SESSION_STORE: 'memory',
      CACHE_STORE: 'memory',
      RATE_LIMIT_STORE: 'memory',
      CONTEXT_STORE: 'memory',
      EVENT_BUS: 'memory',
    };
    const server = await start({ REDIS_URL: 'redis://127.0.0.1:1', ...none });
    expect(logged(server, 'REDIS_URL')).to.deep.equal([]);
  });

  it('keeps its sessions across restarts, and forgets what it had cached', async () => {
    const { settings, remove } = await sqliteSettings();
    const first = await ServerProcess.start({ ...settings, REDIS_URL: redis.url });
    const client = await first.client().signIn(ADMIN.login, ADMIN.password);
    expect((await client.get('/auth/me')).status).to.equal(200);
    first.signal('SIGTERM');
    expect(await first.end()).to.equal(0);
    expect(await redis.ask('EXISTS', 'cachegen:permissions')).to.equal(1);
    const second = await ServerProcess.start({ ...settings, REDIS_URL: redis.url });
    expect(await redis.ask('EXISTS', 'cachegen:permissions')).to.equal(0);
    const same = second.client();
    same.cookie = client.cookie;
    expect((await same.get('/auth/me')).status).to.equal(200);
    await second.kill();
    await remove();
  });

  it('needs no more than what docs/redis.md allows its user', async () => {
    const [, rules = ''] =
      /^user tavernkeep on >… (.+)$/m.exec(readFileSync(join(ROOT, 'docs/redis.md'), 'utf8')) ?? [];
    await redis.ask('ACL', 'SETUSER', 'tavernkeep', 'on', '>sturdy-oak-table', ...rules.split(' '));
    const REDIS_URL = redis.url.replace('//', '//tavernkeep:sturdy-oak-table@');
    const server = await start({ REDIS_URL, RATE_LIMIT_ACTOR_PER_MINUTE: '100' });
    const client = await server.user('player');
    expect((await client.post('/auth/logout-all')).status).to.equal(200);
    expect(logged(server, 'NOPERM')).to.deep.equal([]);
    expect(logged(server, '"level":"error"')).to.deep.equal([]);
  });

  it('finds the master through sentinels', async () => {
    const sentinel = await OwnRedis.startSentinel(redis);
    const settings = { REDIS_URL: `redis://${MASTER_NAME}`, REDIS_SENTINELS: `127.0.0.1:${sentinel.port}` };
    expect(await adaptersOf(await start(settings))).to.include(IN_REDIS);
    await sentinel.remove();
  });

  it('does without Redis where it does not answer at the start, warns once, and says so, in development', async () => {
    const server = await start({ REDIS_URL: 'redis://:hunter2-hunter2@127.0.0.1:1' });
    expect(logged(server, 'REDIS_URL is set, but')).to.have.length(1);
    expect(server.logs.join('')).to.contain('ECONNREFUSED').and.not.to.contain('hunter2');
    expect(await adaptersOf(server)).to.include({ sessions: 'memory', cache: 'memory' });
    expect(await checksOf(server)).to.deep.equal({ database: 'memory', speed_layer: 'memory', redis: 'unused' });
  });

  it('does not start where Redis does not answer or refuses the password, in production', async () => {
    const { settings, remove } = await sqliteSettings();
    const production = { ...settings, NODE_ENV: 'production', PUBLIC_URL: 'https://tavern.example', BCRYPT_COST: '10' };
    await redis.ask('CONFIG', 'SET', 'requirepass', 'sturdy-oak-table');
    for (const [url, why] of [
      ['redis://:hunter2-hunter2@127.0.0.1:1', 'ECONNREFUSED'],
      [redis.url.replace('//', '//:hunter2-hunter2@'), 'WRONGPASS'],
    ] as const) {
      const server = new ServerProcess({ ...production, REDIS_URL: url });
      expect(await server.end()).to.equal(1);
      expect(server.output)
        .to.match(/^REDIS_URL is set, but /)
        .and.contain(why)
        .and.not.match(/hunter2|\n\s+at /);
    }
    await remove();
  });

  it('warns at the start where Redis may evict sessions', async () => {
    const warned = async () => logged(await start({ REDIS_URL: redis.url }), 'maxmemory-policy').length;
    expect(await warned()).to.equal(0);
    await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'volatile-lru');
    expect(await warned(), 'nothing is evicted without a limit').to.equal(0);
    await redis.ask('CONFIG', 'SET', 'maxmemory', '100mb');
    expect(await warned()).to.equal(1);
    await redis.ask('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    expect(await warned()).to.equal(0);
  });
});

describe('a server without Redis', () => {
  it('loads no client of it', () => {
    const script = `
      import { createRequire } from 'node:module';
      import { pino } from 'pino';
      import { openApplication } from '#infrastructure/application.ts';
      import { loadConfig } from '#infrastructure/config/config.ts';
      const config = loadConfig({ DATABASE_URL: 'memory:', ADMIN_PASSWORD: 'correct-horse-9', BCRYPT_COST: '4' }, () => '');
      await (await openApplication(config, pino({ level: 'silent' }))).close();
      const loaded = Object.keys(createRequire(import.meta.url).cache);
      console.log(loaded.length > 0, loaded.some((file) => /node_modules.@?redis/.test(file)));`;
    const args = ['--input-type=module', '--eval', script];
    expect(execFileSync(process.execPath, args, { cwd: join(ROOT, 'src'), encoding: 'utf8' })).to.equal('true false\n');
  });
});
