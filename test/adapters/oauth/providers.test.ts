/** Providers as they are configured and asked: presets, metadata once, and an end to waiting. */
import { expect } from 'chai';
import { profileFrom } from '#adapters/oauth/claims.ts';
import { mapError } from '#adapters/oauth/failures.ts';
import { OpenIdProviders } from '#adapters/oauth/providers.ts';
import { ForgingIssuer } from '../../support/oidc/forging-issuer.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';

describe('the OpenID Connect providers', () => {
  const redirectUri = 'http://127.0.0.1:3000/api/v1/auth/oauth/forger/callback';
  let issuer: ForgingIssuer;
  let now: number;

  beforeEach(async () => {
    issuer = await ForgingIssuer.start();
    now = 0;
  });
  afterEach(() => issuer.close());

  function providers({ timeoutMs = 4_000, offline = true } = {}): OpenIdProviders {
    const settings = [{ name: 'forger', issuer: issuer.url, clientId: 'tavernkeep', clientSecret: 'secret' }];
    return new OpenIdProviders({ settings, timeoutMs, offline, clock: { now: () => new Date(now) } });
  }

  it('fetch metadata once for concurrent sign-ins, and again after an hour', async () => {
    const asked = providers();
    expect(issuer.discoveries).to.equal(0);
    await Promise.all(Array.from({ length: 8 }, () => asked.begin('forger', redirectUri)));
    await asked.begin('forger', redirectUri);
    expect(issuer.discoveries).to.equal(1);
    now += 3_600_000;
    await asked.begin('forger', redirectUri);
    expect(issuer.discoveries).to.equal(2);
  });

  it('use a different state, nonce and code verifier for each flow', async () => {
    const asked = providers();
    const flows = await Promise.all([1, 2].map(() => asked.begin('forger', redirectUri)));
    for (const name of ['state', 'nonce', 'codeVerifier'] as const) {
      expect(new Set(flows.map(({ checks }) => checks[name])).size, name).to.equal(2);
    }
  });

  it('give up waiting for an answer after the configured timeout', async () => {
    issuer.silent = true;
    expect(await refusalOf(providers({ timeoutMs: 50 }).begin('forger', redirectUri))).to.equal(
      'oauth_provider_unavailable',
    );
  });

  it('request the offline_access scope if the issuer supports it, unless refresh tokens are not kept', async () => {
    issuer.metadata = { scopes_supported: ['openid', 'offline_access'] };
    for (const [offline, scope] of [
      [true, 'openid email profile offline_access'],
      [false, 'openid email profile'],
    ] as const) {
      const { url } = await providers({ offline }).begin('forger', redirectUri);
      expect(new URL(url).searchParams.get('scope')).to.equal(scope);
    }
  });

  it('serve only configured issuers, and refuse unknown provider names', async () => {
    expect([providers().serves(issuer.url), providers().serves(`${issuer.url}/`)]).to.deep.equal([true, true]);
    expect(providers().serves('https://accounts.google.com')).to.equal(false);
    expect(await refusalOf(providers().begin('google', redirectUri))).to.equal('oauth_provider_not_found');
  });

  it('name why a sign-in failed by the code of the protocol or the library, and never by free text', () => {
    for (const [thrown, reason] of [
      [{ error: 'access_denied', code: 'OAUTH_OTHER' }, 'access_denied'],
      [{ code: 'OAUTH_TIMEOUT-1.a' }, 'OAUTH_TIMEOUT-1.a'],
      [{ error: 'x'.repeat(64) }, 'x'.repeat(64)],
      [{ error: 'x'.repeat(65) }, 'other'],
      [{ error: 'denied code=secret' }, 'other'],
      [{ error: ' denied' }, 'other'],
      [{ error: '', code: 'E1' }, 'E1'],
      [{ error: 7 }, 'other'],
      [{}, 'other'],
    ] as const) {
      const failure = mapError(thrown);
      expect(failure.code).to.equal('oauth_failed');
      expect((failure.cause as Error).message, JSON.stringify(thrown)).to.equal(reason);
    }
  });

  it('take an e-mail for verified by the boolean or its text, and an issuer that is silent for neither', () => {
    for (const [told, verified] of [
      [true, true],
      ['true', true],
      [undefined, null],
      [false, false],
      ['false', false],
      ['TRUE', false],
      [1, false],
      [null, false],
    ] as const)
      expect(profileFrom({ email_verified: told }).emailVerified, String(told)).to.equal(verified);
  });
});
