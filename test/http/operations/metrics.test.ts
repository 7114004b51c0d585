/** What Prometheus is told, whom else, and that neither paths nor secrets get into it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Route } from '#adapters/http/declaration/route.ts';
import { documentedRefusals } from '#adapters/http/docs/documented-refusals.ts';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { AuthorizationFixture } from '../../support/matrix/authorization-fixture.ts';
import { CALLER_NAMES, CALLERS } from '../../support/matrix/callers.ts';
import { readPage } from '../../support/matrix/matrix.ts';
import { Scraped } from '../../support/metrics/scraped.ts';
import { ADMIN, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { exchange, parseAnswer } from '../../support/servers/sockets.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const MATRIX = join(import.meta.dirname, '..', 'authorisation-matrix.md');
/** As if it came through a proxy, which is no program on this machine. */
const PASSED_ON = { 'X-Forwarded-For': '127.0.0.1' };
const SYSTEM_READ = { access: 'system.read' } as Route;

async function scrape(server: TestServer): Promise<Scraped> {
  return new Scraped((await server.client().get('/metrics')).text);
}

describe('HTTP: who may read the metrics', () => {
  let world: AuthorizationFixture;
  before(async () => {
    world = await AuthorizationFixture.open();
  });
  after(() => world.server.close());

  it('answers 200 to a program on this machine, which is not signed in, and to HEAD', async () => {
    const { status, headers, text } = await world.server.client().get('/metrics');
    expect(status).to.equal(200);
    expect(headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.get('cache-control')).to.equal('no-store');
    expect(headers.get('x-request-id')).not.to.equal(null);
    expect(text)
      .to.match(/^# HELP tavernkeep_/)
      .and.match(/\n$/);
    expect((await world.server.client().send('HEAD', '/metrics', undefined)).status).to.equal(200);
    expect((await world.server.client().post('/metrics')).status).to.equal(404);
  });

  for (const by of ['session', 'token'] as const) {
    it(`answers everybody else, by ${by}, as the matrix says of GET /admin/stats: 200, 401 or 403`, async () => {
      const reviewed = readPage(readFileSync(MATRIX, 'utf8')).get('GET /admin/stats | –');
      const statuses: number[] = [];
      for (const name of CALLER_NAMES) {
        const { user } = await world.person(CALLERS[name].role);
        const credentials = await CALLERS[name][by](world, user, SYSTEM_READ);
        statuses.push((await world.server.client().get('/metrics', { ...PASSED_ON, ...credentials })).status);
      }
      expect(statuses.join(' | ')).to.equal(reviewed?.statuses);
    });
  }

  it('tells the audit of a 403', async () => {
    const { client } = await world.person('player');
    expect((await client.get('/metrics', PASSED_ON)).body).to.include({ status: 403, code: 'permission_missing' });
    await world.container.get(AuditQueue).flush();
    const admin = await world.server.admin();
    const { items } = (await admin.get('/admin/audit?subject=route:GET%20/metrics')).body;
    expect(items[0]).to.deep.include({
      action: 'access.refuse',
      outcome: 'refused',
      after: { code: 'permission_missing' },
    });
  });

  it('answers 401 to whoever asks for another host, as a proxy does that says nothing of itself', async () => {
    const ask = async (host: string) =>
      parseAnswer(
        await exchange(world.server.url, `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
      );
    expect((await ask('tavern.example')).status).to.equal(401);
    expect((await ask('localhost')).status).to.equal(200);
  });
});

describe('HTTP: metrics behind a trusted proxy', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      TRUST_PROXY: 'loopback',
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3',
      RATE_LIMIT_ACTOR_PER_MINUTE: '3',
    });
  });
  after(() => server.close());

  it('answers 401 to what comes through it, whatever address it tells, and 429 over the limit', async () => {
    for (const told of ['203.0.113.9', '127.0.0.1', '::1', 'unknown', '127.0.0.1, 127.0.0.1']) {
      const answer = await server.client().get('/metrics', { 'X-Forwarded-For': told });
      expect(answer.status, told).to.equal(401);
    }
    const from = { 'X-Forwarded-For': '203.0.113.10' };
    for (let n = 0; n < 3; n += 1) {
      const answer = await server.client().get('/metrics', from);
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('ratelimit')).to.contain(`r=${2 - n};`);
    }
    const refused = await server.client().get('/metrics', from);
    expect(refused.body).to.include({ status: 429, code: 'rate_limited' });
  });

  it('counts who is signed in as a user (429), and never a program on this machine', async () => {
    const admin = server.client();
    const from = { 'X-Forwarded-For': '203.0.113.11' };
    await admin.post('/auth/login', ADMIN, from);
    for (let n = 0; n < 3; n += 1) expect((await admin.get('/metrics', from)).status).to.equal(200);
    expect((await admin.get('/metrics', from)).status).to.equal(429);
    for (let n = 0; n < 9; n += 1) {
      const answer = await server.client().get('/metrics');
      expect([answer.status, answer.headers.get('ratelimit')]).to.deep.equal([200, null]);
    }
  });
});

onEveryStore('HTTP: what the metrics tell', () => {
  let server: TestServer;
  let client: Client;
  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '600' });
    client = await server.user('gm', 'developer');
  });
  after(() => server.close());

  /** By how much a metric grows while something happens. */
  async function growth(name: string, labels: Record<string, string>, act: () => Promise<unknown>): Promise<number> {
    const before = (await scrape(server)).value(name, labels) ?? 0;
    await act();
    return ((await scrape(server)).value(name, labels) ?? 0) - before;
  }

  it('counts requests by the pattern of their route, their method and status, and times them', async () => {
    const { id } = (await client.post('/chat', {})).body;
    const meter = { route: '/chat/{thread}/context-usage', method: 'GET' };
    const read = () => client.get(`/chat/${id}/context-usage`);
    expect(await growth('tavernkeep_http_requests_total', { ...meter, status: '200' }, read)).to.equal(1);
    expect(await growth('tavernkeep_http_request_duration_seconds_count', meter, read)).to.equal(1);
    const missing = () => client.get(`/chat/thr_${id.slice(4).replaceAll(/\d/g, '0')}/context-usage`);
    expect(await growth('tavernkeep_http_requests_total', { ...meter, status: '404' }, missing)).to.equal(1);
    for (const route of ['/health/live', '/metrics', '/docs'])
      expect(
        await growth('tavernkeep_http_requests_total', { route, method: 'GET', status: '200' }, () =>
          client.get(route),
        ),
        route,
      ).to.be.greaterThan(0);
  });

  it('has no more series after a thousand paths, methods and credentials that nobody knows', async () => {
    const odd = async (n: number) => {
      const text = `nobody-knows-${n}`;
      await server.client().get(`/${text}`, { Authorization: `Bearer ${text}` });
      await server.client().get(`/api/v1/${text}`);
      await client.get(`/chat/${text}`);
      await exchange(
        server.url,
        `${METHODS[n % METHODS.length]} /${text} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
      );
      await exchange(server.url, `NONE${n} / HTTP/1.1\r\n\r\n`);
    };
    await odd(0);
    const before = await scrape(server);
    for (let n = 1; n <= 200; n += 1) await odd(n);
    const after = await scrape(server);
    expect(after.lines.length).to.equal(before.lines.length);
    expect(JSON.stringify(after.lines)).not.to.contain('nobody-knows');
    const unreadable = { route: '(unreadable)', status: '400' };
    expect(after.value('tavernkeep_http_requests_total', unreadable)).to.equal(201);
  }).timeout(30_000);

  it('counts appends, the compactions that they need, and what is refused with 413', async () => {
    const { id } = (await client.post('/chat', {})).body;
    const append = (content: string) => client.post(`/chat/${id}`, { content });
    const plain = { kind: 'plain', outcome: 'appended' };
    expect(await growth('tavernkeep_appends_total', plain, () => append('We open the door.'))).to.equal(1);
    const talk = async () => {
      for (let n = 0; n < 12; n += 1) await append(`${n}: ${'The tavern is quiet tonight. '.repeat(8)}`);
    };
    const auto = { trigger: 'auto', outcome: 'committed' };
    expect(await growth('tavernkeep_compactions_total', auto, talk)).to.be.greaterThan(0);
    const found = await scrape(server);
    expect(found.value('tavernkeep_appends_total', { kind: 'compacting', outcome: 'appended' })).to.be.greaterThan(0);
    expect(found.value('tavernkeep_compaction_tokens_freed_total', { trigger: 'auto' })).to.be.greaterThan(0);
    expect(found.value('tavernkeep_compaction_strategy_duration_seconds_count')).to.be.greaterThan(0);
    expect(found.value('tavernkeep_compaction_messages_total')).to.be.greaterThan(0);
    expect(found.value('tavernkeep_compaction_duration_seconds_count', { trigger: 'auto' })).to.be.greaterThan(0);
    const refused = { code: 'context_budget_unreachable' };
    expect(await growth('tavernkeep_http_problems_total', refused, () => append('x'.repeat(9_000)))).to.equal(1);
  });

  it('logs compactions and undos with the window before and after, and what became of its messages', async () => {
    const { id } = (await client.post('/chat', {})).body;
    for (let n = 0; n < 6; n += 1)
      await client.post(`/chat/${id}`, { content: `${n}: ${'The tavern is quiet tonight. '.repeat(8)}` });
    const formed = () => scrape(server).then((found) => found.value('tavernkeep_compaction_messages_total') ?? 0);
    const before = await formed();
    const { event } = (await client.post(`/chat/${id}/compact-now`, {})).body;
    const undone = (await client.post(`/chat/${id}/compactions/${event.id}/undo`)).body.event;
    const logged = server.logs.map((line) => JSON.parse(line)).filter((line) => line.thread_id === id);
    expect(logged.map(({ msg }) => msg)).to.deep.equal(['compaction', 'undo']);
    for (const [i, told] of [event, undone].entries())
      for (const name of ['before_tokens', 'after_tokens', 'before_messages', 'after_messages'])
        expect(logged[i][name], name).to.equal(told[name]);
    const forms: Record<string, number> = logged[0].reshaped;
    const reshaped = Object.values(forms).reduce((sum, count) => sum + count, 0);
    expect(reshaped)
      .to.be.at.least(event.before_messages - event.after_messages)
      .and.greaterThan(0);
    expect((await formed()) - before).to.equal(reshaped);
    expect(logged[0].strategies.map(({ name }: { name: string }) => name)).to.deep.equal(
      event.strategies_used.map(({ name }: { name: string }) => name),
    );
  });

  it('counts sign-ins that fail and sessions that begin and end, and tells how many are alive', async () => {
    const failed = () => server.client().post('/auth/login', { ...ADMIN, password: 'wrong' });
    const action = { action: 'users.sign_in' };
    expect(await growth('tavernkeep_authentication_failures_total', action, failed)).to.equal(1);
    expect(await growth('tavernkeep_http_problems_total', { code: 'sign_in_failed' }, failed)).to.equal(1);
    expect(await growth('tavernkeep_sessions_begun_total', {}, () => server.admin())).to.equal(1);
    const out = async () => (await server.admin()).post('/auth/logout');
    expect(await growth('tavernkeep_sessions_ended_total', { by: 'one' }, out)).to.equal(1);
    expect((await scrape(server)).value('tavernkeep_sessions_alive')).to.be.greaterThan(0);
  });

  it('counts look-ups of the cache, loads and invalidations', async () => {
    const permissions = { area: 'permissions' };
    const lookup = () => client.get('/auth/me');
    await lookup();
    const hit = { ...permissions, result: 'hit' };
    expect(await growth('tavernkeep_cache_lookups_total', hit, lookup)).to.be.greaterThan(0);
    const { id } = (await client.get('/auth/me')).body.user;
    const admin = await server.admin();
    const change = () => admin.post(`/admin/users/${id}/roles`, { role: 'player' });
    expect(await growth('tavernkeep_cache_invalidations_total', permissions, change)).to.equal(1);
    expect(await growth('tavernkeep_cache_lookups_total', { ...permissions, result: 'miss' }, lookup)).to.equal(1);
  });

  it('knows every code of the API before it is met, and what runs behind the requests', async () => {
    const found = await scrape(server);
    for (const { code } of documentedRefusals())
      expect(found.value('tavernkeep_http_problems_total', { code }), code).not.to.equal(undefined);
    const sealed = { task: 'seal the audit', outcome: 'done' };
    expect(found.value('tavernkeep_background_task_runs_total', sealed)).to.be.greaterThan(0);
    expect(found.value('tavernkeep_background_task_runs_total', { outcome: 'failed' })).to.equal(0);
    expect(found.value('tavernkeep_event_loop_delay_seconds', { statistic: 'max' })).to.be.at.least(0);
    expect(found.value('process_resident_memory_bytes')).to.be.greaterThan(1_000_000);
    expect(found.value('tavernkeep_write_behind_lag_seconds', { store: 'sessions' })).to.be.below(10);
  });

  it('has no word of who, what and where: no secret, name, id, address or text', async () => {
    const token = await server.token(client, 'chat.use');
    const { id } = (await client.post('/chat', { title: 'Sunken Crypt' })).body;
    await client.post(`/chat/${id}`, { content: 'The lich whispers.' }, { 'X-Request-Id': 'request-of-mine' });
    const { user } = (await client.get('/auth/me')).body;
    await server.client().post('/auth/login', { login: 'somebody@example.org', password: 'hunter2-hunter2' });
    const { text } = await server.client().get('/metrics');
    const cookie = client.cookie?.split('=')[1] as string;
    const told = [
      token,
      cookie,
      id,
      user.id,
      user.email,
      'Sunken',
      'lich',
      'request-of-mine',
      'somebody',
      'hunter2',
      '127.0',
    ];
    for (const word of told) expect(text, word).not.to.contain(word);
    expect(text).not.to.match(/\b(?:usr|thr|tk|ses|gam)_/);
  });
});

/** Methods that Node reads and the API has not. */
const METHODS = ['PURGE', 'REPORT', 'LOCK', 'MKCOL', 'TRACE', 'SEARCH', 'M-SEARCH', 'BIND'];
