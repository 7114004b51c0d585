/** Signing in through a real issuer of OpenID Connect, by its redirects and forms, and the accounts that come of it. */
import { expect } from 'chai';
import { RefreshOauthAccount } from '#application/identity/refresh-oauth-account.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/tokens.ts';
import { actorFor } from '../support/conversing.ts';
import { aFernetKey } from '../support/fernet-keys.ts';
import { type Issuer, startIssuer } from '../support/oidc-issuer.ts';
import { refusalOf } from '../support/refusals.ts';
import { type Client, startTestServer, type TestServer } from '../support/server.ts';
import { type Page, UserAgent } from '../support/user-agent.ts';

describe('HTTP: OpenID Connect', () => {
  let issuer: Issuer;
  let server: TestServer;

  before(async () => {
    issuer = await startIssuer();
    server = await startTestServer({ ...issuer.settings, REGISTRATION: 'open', FERNET_KEYS: aFernetKey() });
    issuer.open(server.url);
  });
  after(async () => {
    await server.close();
    await issuer.close();
  });

  const api = (path: string) => `${server.url}/api/v1${path}`;
  const callback = () => api('/auth/oauth/guild/callback');

  /** Signs in at the issuer, up to the redirect that leads back. */
  async function returning(agent: UserAgent, login: string): Promise<string> {
    let page = await agent.follow(api('/auth/oauth/guild'), callback());
    if (page.location === null) page = await agent.submit(page, { login, password: 'any' }, callback());
    if (page.location === null) page = await agent.submit(page, {}, callback());
    if (page.location === null) throw new Error(page.text);
    return page.location;
  }

  async function signIn(login: string, agent = new UserAgent()): Promise<Readonly<{ agent: UserAgent; back: Page }>> {
    return { agent, back: await agent.fetch(await returning(agent, login)) };
  }

  /** A client with the session of a browser. */
  function clientOf(agent: UserAgent): Client {
    const client = server.client();
    const secret = agent.cookiesOf(server.url).get('tavernkeep');
    client.cookie = secret === undefined ? null : `tavernkeep=${secret}`;
    return client;
  }

  /** A browser with the session of a client. */
  function agentOf(client: Client): UserAgent {
    const agent = new UserAgent();
    agent.setCookie(server.url, 'tavernkeep', client.cookie?.slice('tavernkeep='.length) ?? '');
    return agent;
  }

  const accountsOf = async (client: Client) => (await client.get('/auth/oauth-accounts')).body.items;

  describe('GET /auth/oauth/{provider}', () => {
    it('302: leads to the issuer with state, nonce and PKCE; only this browser can bring them back', async () => {
      const answer = await fetch(api('/auth/oauth/guild'), { redirect: 'manual' });
      expect(answer.status).to.equal(302);
      const url = new URL(answer.headers.get('location') ?? '');
      expect(url.origin).to.equal(issuer.url);
      expect(Object.fromEntries(url.searchParams)).to.include({
        response_type: 'code',
        client_id: 'tavernkeep',
        redirect_uri: callback(),
        code_challenge_method: 'S256',
      });
      for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name)).to.have.length(43);
      const cookie = answer.headers.get('set-cookie') ?? '';
      for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(cookie).to.contain(attribute);
      for (const name of ['state', 'nonce']) expect(cookie).not.to.contain(url.searchParams.get(name));
    });

    it('404: an unknown provider, and a name that is none', async () => {
      for (const name of ['pirates', 'GUILD', '%00', 'x'.repeat(65)]) {
        const { status, body } = await server.client().get(`/auth/oauth/${name}`);
        expect([status, body.code], name).to.deep.equal([404, 'oauth_provider_not_found']);
      }
    });

    it('403: a page of another site does not begin to link an account to whoever looks at it', async () => {
      const client = await server.user();
      for (const site of ['cross-site', 'same-site']) {
        const { status, body } = await client.get('/auth/oauth/guild', { 'Sec-Fetch-Site': site });
        expect([status, body.code]).to.deep.equal([403, 'foreign_origin']);
      }
    });
  });

  describe('GET /auth/oauth/{provider}/callback', () => {
    it('302: makes a player of an unknown account, and signs him in; the next time the same user comes back', async () => {
      const { agent, back } = await signIn('vex');
      expect([back.status, back.location]).to.deep.equal([302, `${server.url}/`]);
      const me = await clientOf(agent).get('/auth/me');
      expect(me.body.user).to.include({ email: 'vex@guild.example', display_name: 'Member vex', username: null });
      expect(me.body.roles).to.deep.equal(['player']);
      const [account] = await accountsOf(clientOf(agent));
      expect(account).to.include({
        provider: 'guild',
        issuer: issuer.url,
        email: 'vex@guild.example',
        broken_at: null,
      });
      const again = await signIn('vex');
      const { body } = await clientOf(again.agent).get('/auth/me');
      expect(body.user.id).to.equal(me.body.user.id);
      expect(await accountsOf(clientOf(again.agent))).to.have.length(1);
    });

    it('302: ends the session that the request carried', async () => {
      const { agent } = await signIn('pike');
      const before = clientOf(agent);
      const back = await returning(new UserAgent(), 'pike');
      expect(back).to.contain('code=');
      await signIn('pike', agent);
      // Signed in, the flow links; the session stays.
      expect((await before.get('/auth/me')).status).to.equal(200);
      const stranger = new UserAgent();
      const page = await returning(stranger, 'pike');
      stranger.setCookie(server.url, 'tavernkeep', agent.cookiesOf(server.url).get('tavernkeep') ?? '');
      expect((await stranger.fetch(page)).status).to.equal(302);
      expect((await before.get('/auth/me')).status).to.equal(401);
      expect((await clientOf(stranger).get('/auth/me')).status).to.equal(200);
    });

    it('400: a wrong state, none, or a flow of another browser: a code that is injected signs nobody in', async () => {
      const agent = new UserAgent();
      const back = new URL(await returning(agent, 'grog'));
      const victim = new UserAgent();
      await victim.fetch(api('/auth/oauth/guild'));
      const tries: [UserAgent, (url: URL) => void][] = [
        [victim, () => {}],
        [new UserAgent(), () => {}],
        [agent, (url) => url.searchParams.set('state', 'A'.repeat(43))],
        [agent, (url) => url.searchParams.delete('state')],
      ];
      for (const [browser, change] of tries) {
        const url = new URL(back);
        change(url);
        const page = await browser.fetch(url.href);
        expect([page.status, JSON.parse(page.text).code]).to.deep.equal([400, 'oauth_flow_invalid']);
        expect(browser.cookiesOf(server.url).has('tavernkeep')).to.equal(false);
      }
      expect((await agent.fetch(back.href)).status).to.equal(302);
    });

    it('400: a flow that was changed, or is of another provider', async () => {
      const agent = new UserAgent();
      const back = await returning(agent, 'grog');
      const flow = agent.cookiesOf(server.url).get('tavernkeep-oauth') ?? '';
      for (const changed of ['x', flow.slice(0, -8), `${flow.slice(0, 60)}A${flow.slice(61)}`]) {
        agent.setCookie(server.url, 'tavernkeep-oauth', changed);
        expect((await agent.fetch(back)).status).to.equal(400);
      }
    });

    it('400, 401: a callback is good once, even with the cookie of then', async () => {
      const agent = new UserAgent();
      const back = await returning(agent, 'keyleth');
      const flow = agent.cookiesOf(server.url).get('tavernkeep-oauth') ?? '';
      expect((await agent.fetch(back)).status).to.equal(302);
      expect(agent.cookiesOf(server.url).has('tavernkeep-oauth')).to.equal(false);
      expect((await agent.fetch(back)).status).to.equal(400);
      agent.setCookie(server.url, 'tavernkeep-oauth', flow);
      const page = await agent.fetch(back);
      expect([page.status, JSON.parse(page.text).code]).to.deep.equal([401, 'oauth_failed']);
    });

    it('401: the user said no at the issuer', async () => {
      const agent = new UserAgent();
      const start = await agent.fetch(api('/auth/oauth/guild'));
      const state = new URL(start.location ?? '').searchParams.get('state');
      const query = new URLSearchParams({ error: 'access_denied', state: state ?? '', iss: issuer.url });
      const page = await agent.fetch(`${callback()}?${query}`);
      expect([page.status, JSON.parse(page.text).code]).to.deep.equal([401, 'oauth_failed']);
    });

    it('401: a disabled user gets the answer of every failed sign-in', async () => {
      const { agent } = await signIn('percy');
      const { id } = (await clientOf(agent).get('/auth/me')).body.user;
      const unitOfWork = server.tavernkeep.container.get(tokens.unitOfWork);
      await unitOfWork.run(async ({ users }) => {
        const user = await users.find(id);
        if (user !== undefined) await users.save({ ...user, status: 'disabled' });
      });
      const fresh = new UserAgent();
      const page = await fresh.fetch(await returning(fresh, 'percy'));
      expect([page.status, JSON.parse(page.text).code]).to.deep.equal([401, 'sign_in_failed']);
      expect(fresh.cookiesOf(server.url).has('tavernkeep')).to.equal(false);
    });

    it('409: an e-mail that somebody has is no way into his account', async () => {
      const admin = await server.admin();
      const body = { email: 'scanlan@guild.example', display_name: 'Scanlan', password: 'lute-and-lightning' };
      expect((await admin.post('/admin/users', body)).status).to.equal(201);
      const { agent, back } = await signIn('scanlan');
      expect([back.status, JSON.parse(back.text).code]).to.deep.equal([409, 'email_taken']);
      expect(agent.cookiesOf(server.url).has('tavernkeep')).to.equal(false);
    });

    it('404: an unknown provider', async () => {
      expect((await server.client().get('/auth/oauth/pirates/callback?code=x&state=y')).status).to.equal(404);
    });
  });

  describe('linking', () => {
    it('302: a flow that began signed in links the account to that user, who then has two ways in', async () => {
      const client = await server.user('gm');
      const { id } = (await client.get('/auth/me')).body.user;
      const agent = agentOf(client);
      const { back } = await signIn('tary', agent);
      expect([back.status, back.location]).to.deep.equal([302, `${server.url}/`]);
      expect(clientOf(agent).cookie).to.equal(client.cookie);
      expect((await accountsOf(client)).map((one: { email: string }) => one.email)).to.deep.equal([
        'tary@guild.example',
      ]);
      const other = await signIn('tary');
      expect((await clientOf(other.agent).get('/auth/me')).body.user.id).to.equal(id);
    });

    it('400: not where somebody else, or nobody, is signed in by then', async () => {
      const client = await server.user();
      for (const then of [await server.user(), server.client()]) {
        const agent = agentOf(client);
        const back = await returning(agent, 'gilmore');
        agent.setCookie(server.url, 'tavernkeep', then.cookie?.slice('tavernkeep='.length) ?? 'none');
        const page = await agent.fetch(back);
        expect([page.status, JSON.parse(page.text).code]).to.deep.equal([400, 'oauth_flow_invalid']);
      }
      expect(await accountsOf(client)).to.deep.equal([]);
    });

    it('409: an account that is linked to another user', async () => {
      await signIn('allura');
      const client = await server.user();
      const { back } = await signIn('allura', agentOf(client));
      expect([back.status, JSON.parse(back.text).code]).to.deep.equal([409, 'oauth_account_taken']);
      expect(await accountsOf(client)).to.deep.equal([]);
    });
  });

  describe('GET /auth/oauth-accounts', () => {
    it('200: mine alone, without refresh tokens', async () => {
      const { agent } = await signIn('kima');
      const answer = await clientOf(agent).get('/auth/oauth-accounts');
      expect(answer.body.items).to.have.length(1);
      expect(answer.body.next_cursor).to.equal(null);
      expect(answer.text).not.to.contain('refresh').and.not.to.contain('gAAAA');
      expect(await accountsOf(await server.user())).to.deep.equal([]);
    });

    it('401: without a session', async () => {
      expect((await server.client().get('/auth/oauth-accounts')).status).to.equal(401);
    });

    it('403: by a token', async () => {
      const client = await server.user();
      const { token } = (await client.post('/auth/tokens', { name: 'bot', scopes: ['chat.use'] })).body;
      const answer = await server.client().get('/auth/oauth-accounts', { Authorization: `Bearer ${token}` });
      expect([answer.status, answer.body.code]).to.deep.equal([403, 'session_required']);
    });
  });

  describe('DELETE /auth/oauth-accounts/{id}', () => {
    const unlink = (client: Client, id: string) => client.send('DELETE', `/auth/oauth-accounts/${id}`, undefined);

    it('204: unlinks one; by it nobody signs in here any more', async () => {
      const client = await server.user();
      await signIn('jarett', agentOf(client));
      const [account] = await accountsOf(client);
      expect((await unlink(client, account.id)).status).to.equal(204);
      expect(await accountsOf(client)).to.deep.equal([]);
      const { agent } = await signIn('jarett');
      const fresh = (await clientOf(agent).get('/auth/me')).body.user;
      expect(fresh.id).not.to.equal((await client.get('/auth/me')).body.user.id);
    });

    it('409: not the last way to sign in, two at once included', async () => {
      const { agent } = await signIn('zahra');
      const client = clientOf(agent);
      const [first] = await accountsOf(client);
      expect((await unlink(client, first.id)).body.code).to.equal('last_sign_in');
      await signIn('zahra-too', agentOf(client).forget(issuer.url));
      const both = await accountsOf(client);
      const answers = await Promise.all(both.map((one: { id: string }) => unlink(client, one.id)));
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([204, 409]);
      expect(await accountsOf(client)).to.have.length(1);
    });

    it("404: another's account, an unknown one, and a malformed id", async () => {
      const { agent } = await signIn('kash');
      const [account] = await accountsOf(clientOf(agent));
      const client = await server.user();
      for (const id of [account.id, 'oac_0', 'x']) {
        const { status, body } = await unlink(client, id);
        expect([status, body.code], id).to.deep.equal([404, 'oauth_account_not_found']);
      }
      expect(await accountsOf(clientOf(agent))).to.have.length(1);
    });
  });

  describe('the grant that came with an account', () => {
    const container = () => server.tavernkeep.container;
    const stored = (id: string): Promise<OauthAccount | undefined> =>
      container()
        .get(tokens.reads)
        .oauthAccounts.find(id as OauthAccount['id']);

    async function linked(login: string): Promise<Readonly<{ account: OauthAccount; actor: Actor }>> {
      const { agent } = await signIn(login);
      const [{ id }] = await accountsOf(clientOf(agent));
      const account = (await stored(id)) as OauthAccount;
      return { account, actor: actorFor(account.userId) };
    }

    it('is kept encrypted, used, and replaced by what a use gives in its place', async () => {
      const { account, actor } = await linked('shaun');
      const cipher = container().get(tokens.cipher);
      const outcome = await container().get(RefreshOauthAccount).execute(actor, account);
      expect(outcome.did).to.equal('refreshed');
      const after = await stored(account.id);
      expect(after?.refreshToken).to.match(/^gAAAA/);
      expect(cipher.decrypt(after?.refreshToken ?? '')).not.to.equal(cipher.decrypt(account.refreshToken ?? ''));
      expect((await container().get(RefreshOauthAccount).execute(actor, account)).did).to.equal('refreshed');
    });

    it('is used by one at a time, so that nobody breaks it by using it twice', async () => {
      const { account, actor } = await linked('cassandra');
      const outcomes = await Promise.all(
        [1, 2, 3].map(() => container().get(RefreshOauthAccount).execute(actor, account)),
      );
      expect(outcomes.map(({ did }) => did)).to.deep.equal(['refreshed', 'refreshed', 'refreshed']);
    });

    it('breaks on invalid_grant, shows it, and is mended by signing in again', async () => {
      const { account, actor } = await linked('sylas');
      const cipher = container().get(tokens.cipher);
      const unitOfWork = container().get(tokens.unitOfWork);
      await unitOfWork.run(({ oauthAccounts }) =>
        oauthAccounts.save({ ...account, refreshToken: cipher.encrypt('taken-back') }),
      );
      expect((await container().get(RefreshOauthAccount).execute(actor, account)).did).to.equal('broken');
      expect(await stored(account.id))
        .to.include({ refreshToken: null })
        .and.have.property('brokenAt')
        .not.equal(null);
      expect((await container().get(RefreshOauthAccount).execute(actor, account)).did).to.equal('nothing');
      const { agent } = await signIn('sylas');
      expect((await accountsOf(clientOf(agent)))[0].broken_at).to.equal(null);
      const actions = await unitOfWork.run(({ audit }) =>
        audit.list({ subject: `oauth_account:${account.id}` }, { limit: 10 }),
      );
      expect(actions.items.map(({ action }) => action)).to.have.members([
        'oauth_accounts.link',
        'oauth_accounts.break',
      ]);
    });

    it("is nobody else's to use", async () => {
      const { account } = await linked('delilah');
      const stranger = actorFor('usr_0' as UserId);
      expect(await refusalOf(container().get(RefreshOauthAccount).execute(stranger, account))).to.equal(
        'oauth_account_not_found',
      );
    });
  });
});
