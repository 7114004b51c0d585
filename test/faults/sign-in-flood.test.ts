/** Somebody who asks for sign-ins as fast as they can: nobody else is kept from signing in. */
import { expect } from 'chai';
import { ADMIN, startTestServer, type TestServer } from '../support/servers/server.ts';

describe('faults: a flood of sign-ins', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ TRUST_PROXY: '1', BCRYPT_COST: '10' });
  });
  after(() => server.close());

  const signIn = (address: string, login: string, password: string) =>
    server.client().post('/auth/login', { login, password }, { 'X-Forwarded-For': address });

  it('of sixty at once from one address leaves four others their sign-ins (200)', async () => {
    const flood = Array.from({ length: 60 }, (_, i) => signIn('192.0.2.1', `nobody${i}@example.org`, 'wrong-password'));
    // Some have begun to be hashed, and all others wait or were refused.
    await Promise.race(flood);
    const others = await Promise.all(
      Array.from({ length: 4 }, (_, i) => signIn(`198.51.100.${i}`, ADMIN.login, ADMIN.password)),
    );
    expect(others.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    const refused = (await Promise.all(flood)).filter(({ status }) => status === 503);
    expect(refused.length).to.be.greaterThan(0);
    for (const { headers } of refused) expect(headers.get('retry-after')).to.equal('2');
  });
});
