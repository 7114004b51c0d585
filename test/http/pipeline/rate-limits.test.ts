/** How often one address and one user may call, and what answers say about it. */
import { once } from 'node:events';
import { expect } from 'chai';
import { addressKey } from '#domain/shared/address-key.ts';
import { ADMIN, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { dial } from '../../support/servers/sockets.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: rate limits', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer({
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3',
      RATE_LIMIT_ACTOR_PER_MINUTE: '5',
      TRUST_PROXY: '1',
    });
  });
  afterEach(() => server.close());

  const from = (ip: string) => ({ 'X-Forwarded-For': ip });

  it('answers 429 `rate_limited` to an anonymous address over its limit, and says in every answer what is left', async () => {
    const client = server.client();
    for (const left of [2, 1, 0]) {
      const answer = await client.get('/auth/me');
      expect(answer.status).to.equal(401);
      expect(answer.headers.get('ratelimit-policy')).to.equal('"burst";q=3;w=60');
      expect(answer.headers.get('ratelimit')).to.match(new RegExp(`^"burst";r=${left};t=\\d+$`));
    }
    const refused = await client.get('/auth/me');
    expect(refused.body).to.include({ status: 429, code: 'rate_limited' });
    expect(refused.headers.get('retry-after')).to.match(/^\d+$/);
    expect(refused.headers.get('ratelimit')).to.match(/^"burst";r=0;t=\d+$/);
    expect((await client.get('/auth/me', from('203.0.113.9'))).status).to.equal(401);
  });

  it('answers 429 before it reads the body of an anonymous request', async () => {
    const client = server.client();
    for (let n = 0; n < 3; n += 1) await client.get('/auth/me');
    const json = { 'Content-Type': 'application/json' };
    const refused = await client.send('POST', '/auth/login', 'x'.repeat(1_100_000), json);
    expect(refused.status).to.equal(429);
    expect((await client.send('POST', '/auth/login', 'no JSON', json)).status).to.equal(429);
  });

  it('answers 429 `rate_limited` to a user over their limit from any address, and not to another user or an anonymous caller', async () => {
    // Makes one call as the admin.
    const other = await server.user();
    const admin = await server.client().signIn('admin@tavernkeep.local', 'correct-horse-9');
    for (const left of [3, 2, 1, 0]) {
      const answer = await admin.get('/auth/me', from(`203.0.113.${left}`));
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('ratelimit-policy')).to.equal('"burst";q=5;w=60');
      expect(answer.headers.get('ratelimit')).to.contain(`r=${left};`);
    }
    const refused = await admin.post('/chat', {});
    expect(refused.body).to.include({ status: 429, code: 'rate_limited' });
    expect(refused.headers.get('retry-after')).to.match(/^\d+$/);
    expect((await other.get('/auth/me')).status).to.equal(200);
    expect((await server.client().get('/auth/me', from('203.0.113.77'))).status).to.equal(401);
  });

  it('counts requests with an unknown session secret as anonymous, and answers 429 over that limit', async () => {
    const client = server.client();
    const garbage = { Cookie: `tavernkeep=${'A'.repeat(43)}` };
    for (let n = 0; n < 3; n += 1) expect((await client.get('/auth/me', garbage)).status).to.equal(401);
    expect((await client.get('/auth/me', garbage)).status).to.equal(429);
    expect((await client.get('/auth/me')).status).to.equal(429);
  });

  it('counts pages and documents like calls: 429 to an address over its limit, and as a user who is signed in', async () => {
    const [client, paths] = [server.client(), ['/docs', '/api/v1/openapi.json', '/']];
    for (const [n, path] of paths.entries()) {
      const answer = await client.get(path);
      expect(answer.status, path).to.equal(200);
      expect(answer.headers.get('ratelimit'), path).to.contain(`r=${2 - n};`);
    }
    for (const path of [...paths, '/nowhere', '/auth/me'])
      expect((await client.get(path)).body, path).to.include({ status: 429, code: 'rate_limited' });
    const admin = server.client();
    await admin.post('/auth/login', ADMIN, from('203.0.113.9'));
    for (const left of [4, 3, 2, 1, 0])
      expect((await admin.get('/docs')).headers.get('ratelimit')).to.contain(`r=${left};`);
    expect((await admin.get('/docs')).body).to.include({ status: 429, code: 'rate_limited' });
  });

  it('never refuses whoever watches it: health is not counted, and is answered (200) when nothing else is', async () => {
    const client = server.client();
    for (let n = 0; n < 4; n += 1) await client.get('/auth/me');
    expect((await client.get('/auth/me')).status).to.equal(429);
    for (const path of ['/health/live', '/health/ready', '/health/live', '/health/ready']) {
      const answer = await client.get(path);
      expect(answer.status, path).to.equal(200);
      expect(answer.headers.get('ratelimit'), path).to.equal(null);
    }
  });

  it('refuses credentials that stand for nobody (429) before it reads their body, and nobody who is signed in', async () => {
    const admin = await server.client().signIn(ADMIN.login, ADMIN.password);
    for (let n = 0; n < 3; n += 1) await server.client().get('/auth/me');
    const json = { 'Content-Type': 'application/json' };
    for (const credentials of [{ Cookie: `tavernkeep=${'A'.repeat(43)}` }, { Authorization: 'Bearer garbage' }]) {
      // A body that never comes: whoever waited for it would not answer.
      const head = Object.entries({ ...json, ...credentials, Host: 'x', 'Content-Length': '9' });
      const lines = head.map(([name, value]) => `${name}: ${value}`).join('\r\n');
      const socket = await dial(server.url, `POST /api/v1/auth/login HTTP/1.1\r\n${lines}\r\n\r\n`);
      const [answer] = await once(socket.resume(), 'data');
      expect(String(answer)).to.match(/^HTTP\/1\.1 429 /);
      socket.destroy();
    }
    const own = await admin.post('/chat', {});
    expect(own.status, own.text).to.equal(201);
  });

  it('believes nobody who says where a request comes from, where no proxy is trusted: 429 whatever they say', async () => {
    const alone = await startTestServer({ RATE_LIMIT_ANONYMOUS_PER_MINUTE: '3' });
    try {
      for (let n = 0; n < 3; n += 1) await alone.client().get('/auth/me', from(`203.0.113.${n}`));
      expect((await alone.client().get('/auth/me', from('203.0.113.9'))).status).to.equal(429);
    } finally {
      await alone.close();
    }
  });

  it('takes what a proxy passes on for nobody where it is no address (401, never 500), and counts all of it as one', async () => {
    const client = server.client();
    for (const forged of ['1:2:3:4:5:6:7:8:9::1', 'x'.repeat(9_000), '1.2.3.4.5'])
      expect((await client.get('/auth/me', from(forged))).status).to.equal(401);
    expect((await client.get('/auth/me', from('evil'))).status).to.equal(429);
    expect((await client.get('/auth/me', from('203.0.113.9'))).status).to.equal(401);
  });

  it('refuses nothing and sends no RateLimit header when limits are switched off', async () => {
    const unlimited = await startTestServer();
    try {
      const client = unlimited.client();
      for (let n = 0; n < 150; n += 1) expect((await client.get('/auth/me')).status).to.equal(401);
      expect((await client.get('/auth/me')).headers.get('ratelimit')).to.equal(null);
    } finally {
      await unlimited.close();
    }
  });

  it('counts an IPv6 network of 64 bits as one address, and an IPv4-mapped address as its IPv4 address', () => {
    const same = ['2001:db8:0:7::1', '2001:0db8:0000:0007:ffff:1:2:3', '2001:db8:0:7:0:0:0:0', '2001:db8:0:7::%eth0'];
    expect(new Set(same.map(addressKey))).to.deep.equal(new Set(['2001:db8:0:7']));
    expect(addressKey('::1')).to.equal('0:0:0:0');
    expect(addressKey('2001:db8:0:8::1')).to.equal('2001:db8:0:8');
    expect(addressKey('::ffff:203.0.113.9')).to.equal(addressKey('203.0.113.9'));
    expect(addressKey(null)).to.equal('unknown');
  });
});
