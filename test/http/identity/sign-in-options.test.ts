/** How one may sign in, as anybody is told, and how a browser is led back where a provider's sign-in is refused. */
import { expect } from 'chai';
import { ForgingIssuer } from '../../support/oidc/forging-issuer.ts';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';

/** What Chromium sends where an address is opened. */
const BROWSER = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('HTTP: ways to sign in', () => {
  let issuer: ForgingIssuer;
  let server: TestServer;
  before(async () => {
    issuer = await ForgingIssuer.start();
    const guild = {
      OAUTH_OLD_GUILD_ISSUER: issuer.url,
      OAUTH_OLD_GUILD_CLIENT_ID: 'x',
      OAUTH_OLD_GUILD_CLIENT_SECRET: 'y',
    };
    server = await startTestServer({ ...issuer.settings, ...guild });
  });
  after(async () => {
    await server.close();
    await issuer.close();
  });

  it('are listed by GET /auth/options (200): registration, providers by name and label, and the password', async () => {
    const { status, body } = await server.client().get('/auth/options');
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      registration: 'closed',
      providers: [
        { name: 'forger', label: 'Forger' },
        { name: 'old-guild', label: 'Old Guild' },
      ],
      password: true,
    });
  });

  const REFUSED = [
    ['/auth/oauth/forger/callback?state=x&code=y', 400, 'oauth_flow_invalid'],
    ['/auth/oauth/pirates', 404, 'oauth_provider_not_found'],
    ['/auth/oauth/pirates/callback?state=x', 404, 'oauth_provider_not_found'],
    [`/auth/oauth/forger/callback?state=${'x'.repeat(3_000)}`, 400, 'invalid'],
  ] as const;

  it('lead a browser back to / with the code of a refusal (302), and give an API client its problem document', async () => {
    for (const [path, status, code] of REFUSED) {
      const led = await fetch(`${server.url}/api/v1${path}`, { headers: BROWSER, redirect: 'manual' });
      const told = await server.client().get(path);
      expect([told.status, told.headers.get('content-type')], path).to.deep.equal([
        status,
        'application/problem+json; charset=utf-8',
      ]);
      if (code !== 'invalid') expect(told.body.code).to.equal(code);
      expect([led.status, led.headers.get('location'), await led.text()], path).to.deep.equal([
        302,
        `/?sign_in_error=${told.body.code}`,
        '',
      ]);
      expect(led.headers.get('x-request-id')).not.to.equal(null);
    }
  });

  it('lead back from an issuer that does not answer, and from nothing but a sign-in', async () => {
    issuer.metadata = { issuer: 'https://another.example' };
    const led = await fetch(`${server.url}/api/v1/auth/oauth/forger`, { headers: BROWSER, redirect: 'manual' });
    expect(led.headers.get('location')).to.equal('/?sign_in_error=oauth_provider_unavailable');
    issuer.metadata = {};
    const me = await fetch(`${server.url}/api/v1/auth/me`, { headers: BROWSER, redirect: 'manual' });
    expect(me.status).to.equal(401);
  });
});
