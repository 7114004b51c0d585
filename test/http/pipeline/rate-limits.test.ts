/** How often one address and one user may call, and what answers say about it. */
import { expect } from 'chai';
import { addressKey } from '#adapters/http/pipeline/rate-limits.ts';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';
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
      expect(answer.headers.get('ratelimit')).to.match(new RegExp(`^"burst";r=${left};t=(20|40|60)$`));
    }
    const refused = await client.get('/auth/me');
    expect(refused.body).to.include({ status: 429, code: 'rate_limited' });
    expect(refused.headers.get('retry-after')).to.match(/^(19|20)$/);
    expect(refused.headers.get('ratelimit')).to.match(/^"burst";r=0;t=(59|60)$/);
    expect((await client.get('/auth/me', from('203.0.113.9'))).status).to.equal(401);
  });

  it('answers 429 before it reads the body of an anonymous request', async () => {
    const client = server.client();
    for (let n = 0; n < 3; n += 1) await client.get('/auth/me');
    const json = { 'Content-Type': 'application/json' };
    const refused = await client.send('POST', '/auth/login', 'x'.repeat(1_100_000), json).catch(() => undefined);
    // The connection is closed while the body is still under way; a client may see that, or the answer.
    if (refused !== undefined) expect(refused.status).to.equal(429);
    expect((await client.send('POST', '/auth/login', 'no JSON', json)).status).to.equal(429);
  });

  it('answers 429 `rate_limited` to a user over their limit from any address, and not to an anonymous caller (401)', async () => {
    const admin = await server.client().signIn('admin@tavernkeep.local', 'correct-horse-9');
    for (const left of [4, 3, 2, 1, 0]) {
      const answer = await admin.get('/auth/me', from(`203.0.113.${left}`));
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('ratelimit-policy')).to.equal('"burst";q=5;w=60');
      expect(answer.headers.get('ratelimit')).to.contain(`r=${left};`);
    }
    const refused = await admin.post('/chat', {});
    expect(refused.body).to.include({ status: 429, code: 'rate_limited' });
    expect(refused.headers.get('retry-after')).to.match(/^1[12]$/);
    expect((await server.client().get('/auth/me')).status).to.equal(401);
  });

  it('counts requests with an unknown session secret as anonymous, and answers 429 over that limit', async () => {
    const client = server.client();
    const garbage = { Cookie: `tavernkeep=${'A'.repeat(43)}` };
    for (let n = 0; n < 3; n += 1) expect((await client.get('/auth/me', garbage)).status).to.equal(401);
    expect((await client.get('/auth/me', garbage)).status).to.equal(429);
    expect((await client.get('/auth/me')).status).to.equal(429);
  });

  it('limits neither health checks nor pages', async () => {
    const client = server.client();
    for (let n = 0; n < 5; n += 1) expect((await client.get('/health/live')).status).to.equal(200);
    expect((await client.get('/docs')).headers.get('ratelimit')).to.equal(null);
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
