/** Signing in through a real issuer of OpenID Connect, by its redirects and forms. */
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { accountsOf, type OidcFixture, type OidcScenario, openGuildHall } from '../../support/oidc/oidc-fixture.ts';
import type { Issuer } from '../../support/oidc/oidc-issuer.ts';
import { UserAgent } from '../../support/oidc/user-agent.ts';
import type { TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: OpenID Connect', () => {
  let issuer: Issuer;
  let server: TestServer;
  let guild: OidcFixture;
  let close: OidcScenario['close'];

  before(async () => {
    ({ issuer, server, guild, close } = await openGuildHall());
  });
  after(() => close());

  describe('GET /auth/oauth/{provider}', () => {
    it('redirects with 302 to the issuer with PKCE, a state and a nonce, which its HttpOnly cookie does not show', async () => {
      const answer = await fetch(guild.api('/auth/oauth/guild'), { redirect: 'manual' });
      expect(answer.status).to.equal(302);
      const url = new URL(answer.headers.get('location') ?? '');
      expect(url.origin).to.equal(issuer.url);
      expect(Object.fromEntries(url.searchParams)).to.include({
        response_type: 'code',
        client_id: 'tavernkeep',
        redirect_uri: guild.callback,
        code_challenge_method: 'S256',
      });
      for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name)).to.have.length(43);
      const cookie = answer.headers.get('set-cookie') ?? '';
      for (const attribute of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(cookie).to.contain(attribute);
      for (const name of ['state', 'nonce']) expect(cookie).not.to.contain(url.searchParams.get(name));
    });

    it('answers 404 `oauth_provider_not_found` for an unknown provider and a malformed name', async () => {
      for (const name of ['pirates', 'GUILD', '%00', 'x'.repeat(65)]) {
        const { status, body } = await server.client().get(`/auth/oauth/${name}`);
        expect([status, body.code], name).to.deep.equal([404, 'oauth_provider_not_found']);
      }
    });

    it('answers 403 `foreign_origin` when another site starts linking an account to the signed-in user', async () => {
      const client = await server.user();
      for (const site of ['cross-site', 'same-site']) {
        const { status, body } = await client.get('/auth/oauth/guild', { 'Sec-Fetch-Site': site });
        expect([status, body.code]).to.deep.equal([403, 'foreign_origin']);
      }
    });

    it('redirects with 302 where another site leads somebody to sign in who is not signed in', async () => {
      for (const site of ['cross-site', 'same-site']) {
        const headers = { 'Sec-Fetch-Site': site };
        const answer = await fetch(guild.api('/auth/oauth/guild'), { redirect: 'manual', headers });
        expect(answer.status, site).to.equal(302);
      }
    });
  });

  describe('GET /auth/oauth/{provider}/callback', () => {
    it('signs in an unknown account as a new player with 302, and as the same user the next time', async () => {
      const { agent, back } = await guild.signIn('vex');
      expect([back.status, back.location]).to.deep.equal([302, `${server.url}/`]);
      const me = await guild.clientOf(agent).get('/auth/me');
      expect(me.body.user).to.include({ email: 'vex@guild.example', display_name: 'Member vex', username: null });
      expect(me.body.roles).to.deep.equal(['player']);
      const [account] = await accountsOf(guild.clientOf(agent));
      expect(account).to.include({
        provider: 'guild',
        issuer: issuer.url,
        email: 'vex@guild.example',
        broken_at: null,
      });
      const again = await guild.signIn('vex');
      const { body } = await guild.clientOf(again.agent).get('/auth/me');
      expect(body.user.id).to.equal(me.body.user.id);
      expect(await accountsOf(guild.clientOf(again.agent))).to.have.length(1);
    });

    it('answers 302 and ends the session that came with the callback, unless the flow began in that session', async () => {
      const { agent } = await guild.signIn('pike');
      const before = guild.clientOf(agent);
      const back = await guild.returning(new UserAgent(), 'pike');
      expect(back).to.contain('code=');
      await guild.signIn('pike', agent);
      // Signed in, the flow links; the session stays.
      expect((await before.get('/auth/me')).status).to.equal(200);
      const stranger = new UserAgent();
      const page = await guild.returning(stranger, 'pike');
      stranger.setCookie(server.url, 'tavernkeep', agent.cookiesOf(server.url).get('tavernkeep') ?? '');
      expect((await stranger.fetch(page)).status).to.equal(302);
      expect((await before.get('/auth/me')).status).to.equal(401);
      expect((await guild.clientOf(stranger).get('/auth/me')).status).to.equal(200);
    });

    it('answers 400 `oauth_flow_invalid` to a wrong or missing state and to another browser, and starts no session', async () => {
      const agent = new UserAgent();
      const back = new URL(await guild.returning(agent, 'grog'));
      const victim = new UserAgent();
      await victim.fetch(guild.api('/auth/oauth/guild'));
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

    it('answers 400 to a flow cookie that was altered, cut or made up', async () => {
      const agent = new UserAgent();
      const back = await guild.returning(agent, 'grog');
      const flow = agent.cookiesOf(server.url).get('tavernkeep-oauth') ?? '';
      const another = flow[60] === 'A' ? 'B' : 'A';
      for (const changed of ['x', flow.slice(0, -8), `${flow.slice(0, 60)}${another}${flow.slice(61)}`]) {
        agent.setCookie(server.url, 'tavernkeep-oauth', changed);
        expect((await agent.fetch(back)).status).to.equal(400);
      }
    });

    it('accepts a callback once: it then answers 400, and again with the flow cookie put back', async () => {
      const agent = new UserAgent();
      const back = await guild.returning(agent, 'keyleth');
      const flow = agent.cookiesOf(server.url).get('tavernkeep-oauth') ?? '';
      expect((await agent.fetch(back)).status).to.equal(302);
      expect(agent.cookiesOf(server.url).has('tavernkeep-oauth')).to.equal(false);
      expect((await agent.fetch(back)).status).to.equal(400);
      agent.setCookie(server.url, 'tavernkeep-oauth', flow);
      const page = await agent.fetch(back);
      expect([page.status, JSON.parse(page.text).code]).to.deep.equal([400, 'oauth_flow_invalid']);
    });

    it('answers 401 `oauth_failed` when the user declines at the issuer', async () => {
      const agent = new UserAgent();
      const start = await agent.fetch(guild.api('/auth/oauth/guild'));
      const state = new URL(start.location ?? '').searchParams.get('state');
      const query = new URLSearchParams({ error: 'access_denied', state: state ?? '', iss: issuer.url });
      const page = await agent.fetch(`${guild.callback}?${query}`);
      expect([page.status, JSON.parse(page.text).code]).to.deep.equal([401, 'oauth_failed']);
    });

    it('answers 401 `sign_in_failed` to a disabled user, as to every failed sign-in, and starts no session', async () => {
      const { agent } = await guild.signIn('percy');
      const { id } = (await guild.clientOf(agent).get('/auth/me')).body.user;
      const unitOfWork = server.application.container.get(tokens.unitOfWork);
      await unitOfWork.run(async ({ users }) => {
        const user = await users.find(id);
        if (user !== undefined) await users.save({ ...user, status: 'disabled' });
      });
      const fresh = new UserAgent();
      const page = await fresh.fetch(await guild.returning(fresh, 'percy'));
      expect([page.status, JSON.parse(page.text).code]).to.deep.equal([401, 'sign_in_failed']);
      expect(fresh.cookiesOf(server.url).has('tavernkeep')).to.equal(false);
    });

    it('answers 409 `email_taken` to an account whose e-mail another user has, and starts no session', async () => {
      const admin = await server.admin();
      const body = { email: 'scanlan@guild.example', display_name: 'Scanlan', password: 'lute-and-lightning' };
      expect((await admin.post('/admin/users', body)).status).to.equal(201);
      const { agent, back } = await guild.signIn('scanlan');
      expect([back.status, JSON.parse(back.text).code]).to.deep.equal([409, 'email_taken']);
      expect(agent.cookiesOf(server.url).has('tavernkeep')).to.equal(false);
    });

    it('answers 404 for an unknown provider', async () => {
      expect((await server.client().get('/auth/oauth/pirates/callback?code=x&state=y')).status).to.equal(404);
    });
  });
});
