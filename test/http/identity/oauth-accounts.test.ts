/** Accounts of a real issuer of OpenID Connect: linked, listed, used and unlinked. */
import { expect } from 'chai';
import { accountsOf, type OidcFixture, type OidcScenario, openGuildHall } from '../../support/oidc/oidc-fixture.ts';
import type { Issuer } from '../../support/oidc/oidc-issuer.ts';
import type { Client, TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: linked accounts', () => {
  let issuer: Issuer;
  let server: TestServer;
  let guild: OidcFixture;
  let close: OidcScenario['close'];

  before(async () => {
    ({ issuer, server, guild, close } = await openGuildHall());
  });
  after(() => close());

  describe('linking', () => {
    it('links the account to the user in whose session the flow began (302), and they can then sign in by it', async () => {
      const client = await server.user('gm');
      const { id } = (await client.get('/auth/me')).body.user;
      const agent = guild.agentOf(client);
      const { back } = await guild.signIn('tary', agent);
      expect([back.status, back.location]).to.deep.equal([302, `${server.url}/`]);
      expect(guild.clientOf(agent).cookie).to.equal(client.cookie);
      expect((await accountsOf(client)).map((one: { email: string }) => one.email)).to.deep.equal([
        'tary@guild.example',
      ]);
      const other = await guild.signIn('tary');
      expect((await guild.clientOf(other.agent).get('/auth/me')).body.user.id).to.equal(id);
    });

    it('answers 400 `oauth_flow_invalid` when another user, or none, is signed in by then, and links nothing', async () => {
      const client = await server.user();
      for (const then of [await server.user(), server.client()]) {
        const agent = guild.agentOf(client);
        const back = await guild.returning(agent, 'gilmore');
        agent.setCookie(server.url, 'tavernkeep', then.cookie?.slice('tavernkeep='.length) ?? 'none');
        const page = await agent.fetch(back);
        expect([page.status, JSON.parse(page.text).code]).to.deep.equal([400, 'oauth_flow_invalid']);
      }
      expect(await accountsOf(client)).to.deep.equal([]);
    });

    it('answers 409 `oauth_account_taken` to an account that is linked to another user, and links nothing', async () => {
      await guild.signIn('allura');
      const client = await server.user();
      const { back } = await guild.signIn('allura', guild.agentOf(client));
      expect([back.status, JSON.parse(back.text).code]).to.deep.equal([409, 'oauth_account_taken']);
      expect(await accountsOf(client)).to.deep.equal([]);
    });
  });

  describe('GET /auth/oauth-accounts', () => {
    it('answers 200 with the caller’s own accounts alone, and shows no refresh token', async () => {
      const { agent } = await guild.signIn('kima');
      const answer = await guild.clientOf(agent).get('/auth/oauth-accounts');
      expect(answer.body.items).to.have.length(1);
      expect(answer.body.next_cursor).to.equal(null);
      expect(answer.text).not.to.contain('refresh').and.not.to.contain('gAAAA');
      expect(await accountsOf(await server.user())).to.deep.equal([]);
    });

    it('answers 401 without a session', async () => {
      expect((await server.client().get('/auth/oauth-accounts')).status).to.equal(401);
    });

    it('answers 403 `session_required` to an API token', async () => {
      const client = await server.user();
      const { token } = (await client.post('/auth/tokens', { name: 'bot', scopes: ['chat.use'] })).body;
      const answer = await server.client().get('/auth/oauth-accounts', { Authorization: `Bearer ${token}` });
      expect([answer.status, answer.body.code]).to.deep.equal([403, 'session_required']);
    });
  });

  describe('DELETE /auth/oauth-accounts/{id}', () => {
    const unlink = (client: Client, id: string) => client.send('DELETE', `/auth/oauth-accounts/${id}`, undefined);

    it('unlinks the account with 204; signing in by it then makes a new user', async () => {
      const client = await server.user();
      await guild.signIn('jarett', guild.agentOf(client));
      const [account] = await accountsOf(client);
      expect((await unlink(client, account.id)).status).to.equal(204);
      expect(await accountsOf(client)).to.deep.equal([]);
      const { agent } = await guild.signIn('jarett');
      const fresh = (await guild.clientOf(agent).get('/auth/me')).body.user;
      expect(fresh.id).not.to.equal((await client.get('/auth/me')).body.user.id);
    });

    it('answers 409 `last_sign_in` for the last way to sign in, and keeps one of two that are unlinked at once', async () => {
      const { agent } = await guild.signIn('zahra');
      const client = guild.clientOf(agent);
      const [first] = await accountsOf(client);
      expect((await unlink(client, first.id)).body.code).to.equal('last_sign_in');
      await guild.signIn('zahra-too', guild.agentOf(client).forget(issuer.url));
      const both = await accountsOf(client);
      const answers = await Promise.all(both.map((one: { id: string }) => unlink(client, one.id)));
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([204, 409]);
      expect(await accountsOf(client)).to.have.length(1);
    });

    it('answers 404 `oauth_account_not_found` for another user’s account, an unknown one and a malformed id', async () => {
      const { agent } = await guild.signIn('kash');
      const [account] = await accountsOf(guild.clientOf(agent));
      const client = await server.user();
      for (const id of [account.id, 'oac_0', 'x']) {
        const { status, body } = await unlink(client, id);
        expect([status, body.code], id).to.deep.equal([404, 'oauth_account_not_found']);
      }
      expect(await accountsOf(guild.clientOf(agent))).to.have.length(1);
    });
  });
});
