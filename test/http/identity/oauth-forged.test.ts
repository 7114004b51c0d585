/** Whatever an issuer, or somebody who plays one, sends: only what is right in every part signs anybody in. */
import { expect } from 'chai';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { RefreshOauthAccount } from '#application/identity/oauth/refresh-oauth-account.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';
import { forgedSignIn } from '../../support/oidc/forged-sign-in.ts';
import { aSigningKey, type Forgery, ForgingIssuer } from '../../support/oidc/forging-issuer.ts';
import { UserAgent } from '../../support/oidc/user-agent.ts';
import { type Settings, startTestServer, type TestServer } from '../../support/servers/server.ts';

describe('HTTP: answers of an OpenID Connect issuer', () => {
  let issuer: ForgingIssuer;
  let server: TestServer;

  async function start(settings: Settings): Promise<void> {
    issuer = await ForgingIssuer.start();
    server = await startTestServer({ ...issuer.settings, REGISTRATION: 'open', ...settings });
  }
  beforeEach(() => start({ FERNET_KEYS: aFernetKey() }));
  afterEach(stop);

  async function stop(): Promise<void> {
    await server.close();
    await issuer.close();
  }

  const api = (path: string) => `${server.url}/api/v1${path}`;

  const signIn = (returned?: Readonly<Record<string, string>>) => forgedSignIn(server.url, returned);
  const users = () => server.application.container.get(tokens.reads).users;
  const forgedUser = () => users().findByLogin('forged@forger.example');

  it('signs in a new user with 302 when every part is right', async () => {
    expect((await signIn()).status).to.equal(302);
    expect(await forgedUser()).not.to.equal(undefined);
  });

  const FORGERIES: Readonly<Record<string, (forgery: Forgery) => void>> = {
    'a wrong nonce': (it) => {
      it.claims = { ...it.claims, nonce: 'another' };
    },
    'no nonce': (it) => {
      it.claims = { ...it.claims, nonce: undefined };
    },
    'a wrong audience': (it) => {
      it.claims = { ...it.claims, aud: 'somebody-else' };
    },
    'several audiences and another authorized party': (it) => {
      it.claims = { ...it.claims, aud: ['tavernkeep', 'somebody-else'], azp: 'somebody-else' };
    },
    'a wrong issuer': (it) => {
      it.claims = { ...it.claims, iss: 'https://accounts.google.com' };
    },
    'an ID token that expired yesterday': (it) => {
      it.claims = { ...it.claims, exp: Math.floor(Date.now() / 1_000) - 86_400 };
    },
    'the algorithm none': (it) => {
      it.header = { alg: 'none' };
      it.key = null;
    },
    'the symmetric algorithm HS256, under the secret of the client': (it) => {
      it.header = { ...it.header, alg: 'HS256' };
      it.secret = 'the-secret-of-the-client';
    },
    'a signature under a key that is not the issuer’s': (it) => {
      it.key = aSigningKey('first');
    },
    'no signature': (it) => {
      it.key = null;
    },
    'no subject': (it) => {
      it.claims = { ...it.claims, sub: undefined };
    },
    'a subject of 256 characters': (it) => {
      it.claims = { ...it.claims, sub: 'x'.repeat(256) };
    },
  };

  for (const [what, forge] of Object.entries(FORGERIES)) {
    it(`answers 401 oauth_failed to ${what}, and makes neither user nor session`, async () => {
      issuer.forge = forge;
      const { status, code, agent } = await signIn();
      expect([status, code]).to.deep.equal([401, 'oauth_failed']);
      expect(agent.cookiesOf(server.url).has('tavernkeep')).to.equal(false);
      expect(await forgedUser()).to.equal(undefined);
    });
  }

  it('answers 401 to the algorithm none, even when the issuer’s metadata supports it, and makes no user', async () => {
    issuer.metadata = { id_token_signing_alg_values_supported: ['none', 'RS256'] };
    issuer.forge = (it) => {
      it.header = { alg: 'none' };
      it.key = null;
    };
    expect((await signIn()).status).to.equal(401);
    expect(await forgedUser()).to.equal(undefined);
  });

  it('answers 401 `oauth_failed` when the issuer sends no ID token', async () => {
    issuer.tokens = { id_token: undefined };
    expect((await signIn()).code).to.equal('oauth_failed');
  });

  it('answers 401 `oauth_failed` to a callback with a wrong or missing `iss`, and 302 to one with the right `iss`', async () => {
    issuer.metadata = { authorization_response_iss_parameter_supported: true };
    expect((await signIn({ iss: 'https://another.example' })).code).to.equal('oauth_failed');
    expect((await signIn()).code).to.equal('oauth_failed');
    expect((await signIn({ iss: issuer.url })).status).to.equal(302);
  });

  it('audits why a sign-in failed, and nothing that the issuer sent', async () => {
    issuer.forge = (it) => {
      it.claims = { ...it.claims, nonce: 'another' };
    };
    await signIn();
    const { container } = server.application;
    await container.get(AuditQueue).flush();
    const { items } = await container.get(tokens.reads).audit.list({ action: 'users.sign_in' }, { limit: 10 });
    const [entry] = items.filter(({ after }) => after?.provider === 'forger');
    expect(entry).to.deep.include({ outcome: 'failed', actorId: null });
    expect(entry?.after).to.deep.equal({ provider: 'forger', reason: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' });
  });

  it('answers 302 after the issuer has rotated its signing keys, without a new discovery', async () => {
    expect((await signIn()).status).to.equal(302);
    issuer.keys = [aSigningKey('second')];
    expect((await signIn()).status).to.equal(302);
    issuer.keys = [aSigningKey('third'), ...issuer.keys];
    expect((await signIn()).status).to.equal(302);
    expect(issuer.discoveries).to.equal(1);
  });

  it('makes one user when eight browsers sign in with the same new account at once, and answers 302 to each', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => signIn()));
    expect(outcomes.map(({ status }) => status)).to.deep.equal(Array(8).fill(302));
    const { items } = await users().list({ query: 'forged@forger.example' }, { limit: 10 });
    expect(items).to.have.length(1);
  });

  describe('refresh tokens', () => {
    const only = async (): Promise<OauthAccount> => {
      const user = await forgedUser();
      const [account] = await server.application.container
        .get(tokens.reads)
        .oauthAccounts.listByUser(user?.id as OauthAccount['userId']);
      return account as OauthAccount;
    };
    const decrypted = async () => {
      const { refreshToken } = await only();
      return refreshToken === null ? null : server.application.container.get(tokens.cipher).decrypt(refreshToken);
    };
    const refresh = async () => {
      const { id } = await only();
      return server.application.container.get(RefreshOauthAccount).execute(id);
    };

    it('are optional: without one there is nothing to refresh', async () => {
      await signIn();
      expect(await decrypted()).to.equal(null);
      expect((await refresh()).did).to.equal('nothing');
    });

    it('stay when a later sign-in or refresh returns none, and are replaced when a refresh returns another', async () => {
      issuer.tokens = { refresh_token: 'one' };
      await signIn();
      issuer.tokens = {};
      await signIn();
      expect(await decrypted()).to.equal('one');
      issuer.tokens = { id_token: undefined };
      expect((await refresh()).did).to.equal('refreshed');
      expect(await decrypted()).to.equal('one');
      issuer.tokens = { id_token: undefined, refresh_token: 'two' };
      await refresh();
      expect(await decrypted()).to.equal('two');
    });

    it('stay when a refresh fails with `oauth_failed` or `oauth_provider_unavailable`, but not with `invalid_grant`', async () => {
      issuer.tokens = { refresh_token: 'one' };
      await signIn();
      issuer.refusal = { status: 401, body: { error: 'invalid_client' } };
      expect(await refresh()).to.have.nested.include({ did: 'refused', 'error.code': 'oauth_failed' });
      issuer.refusal = { status: 503, body: {} };
      expect(await refresh()).to.have.nested.include({ did: 'away', 'error.code': 'oauth_provider_unavailable' });
      expect(await decrypted()).to.equal('one');
      issuer.refusal = { status: 400, body: { error: 'invalid_grant' } };
      expect((await refresh()).did).to.equal('broken');
    });

    it('are neither asked for nor stored without encryption keys or rechecks; the sign-in still answers 302', async () => {
      for (const settings of [{}, { FERNET_KEYS: aFernetKey(), OAUTH_RECHECK_HOURS: '0' }]) {
        await stop();
        await start(settings);
        issuer.metadata = { scopes_supported: ['openid', 'offline_access'] };
        issuer.tokens = { refresh_token: 'one' };
        const begun = await new UserAgent().fetch(api('/auth/oauth/forger'));
        expect(new URL(begun.location ?? '').searchParams.get('scope')).to.equal('openid email profile');
        expect((await signIn()).status).to.equal(302);
        expect((await only()).refreshToken).to.equal(null);
      }
    });
  });

  it('binds the flow by a Secure `__Host-` cookie, and takes the redirect URI from PUBLIC_URL, when that is HTTPS', async () => {
    await stop();
    await start({ PUBLIC_URL: 'https://tavern.example' });
    const answer = await fetch(api('/auth/oauth/forger'), { redirect: 'manual' });
    expect(answer.headers.get('set-cookie'))
      .to.match(/^__Host-tavernkeep-oauth=gAAAA/)
      .and.contain('; Secure');
    const asked = new URL(answer.headers.get('location') ?? '').searchParams;
    expect(asked.get('redirect_uri')).to.equal('https://tavern.example/api/v1/auth/oauth/forger/callback');
  });

  describe('while registration is closed', () => {
    beforeEach(async () => {
      await stop();
      await start({ REGISTRATION: 'closed' });
    });

    it('answers 403 `registration_closed` to an unknown account, and makes neither user nor session', async () => {
      const { status, code, agent } = await signIn();
      expect([status, code]).to.deep.equal([403, 'registration_closed']);
      expect(agent.cookiesOf(server.url).has('tavernkeep')).to.equal(false);
      expect(await forgedUser()).to.equal(undefined);
    });
  });

  describe('while the issuer is unavailable', () => {
    it('answers 503 `oauth_provider_unavailable` at the start, and 503 to wrong metadata, which it reads anew (302)', async () => {
      issuer.metadata = { issuer: 'https://another.example' };
      expect((await signIn()).status).to.equal(503);
      issuer.metadata = {};
      expect((await signIn()).status).to.equal(302);
      await stop();
      await start({});
      await issuer.close();
      const { status, code } = await signIn();
      expect([status, code]).to.deep.equal([503, 'oauth_provider_unavailable']);
    });

    it('answers 503 `oauth_provider_unavailable` to a callback, and 302 to the same one once the issuer is back', async () => {
      issuer.refusal = { status: 500, body: {} };
      const agent = new UserAgent();
      const begun = await agent.fetch(api('/auth/oauth/forger'));
      const asked = new URL(begun.location ?? '').searchParams;
      const back = `${api('/auth/oauth/forger/callback')}?code=${asked.get('nonce')}&state=${asked.get('state')}`;
      const answer = await agent.fetch(back);
      expect([answer.status, JSON.parse(answer.text).code]).to.deep.equal([503, 'oauth_provider_unavailable']);
      issuer.refusal = null;
      expect((await agent.fetch(back)).status).to.equal(302);
    });
  });
});
