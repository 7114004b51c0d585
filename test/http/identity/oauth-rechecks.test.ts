/**
 * The grants of a real issuer: kept encrypted, tried once a day, and the end of what began through one that is over.
 */
import { expect } from 'chai';
import type Provider from 'oidc-provider';
import { RecheckOauthAccounts } from '#application/identity/oauth/recheck-oauth-accounts.ts';
import { RefreshOauthAccount } from '#application/identity/oauth/refresh-oauth-account.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { accountsOf, type OidcFixture, type OidcScenario, openGuildHall } from '../../support/oidc/oidc-fixture.ts';
import type { Issuer } from '../../support/oidc/oidc-issuer.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';
import type { Client, TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const DAY_MS = 86_400_000;

onEveryStore('HTTP: rechecks of linked accounts', () => {
  let issuer: Issuer;
  let provider: Provider;
  let server: TestServer;
  let guild: OidcFixture;
  let close: OidcScenario['close'];

  beforeEach(async () => {
    ({ issuer, provider, server, guild, close } = await openGuildHall());
  });
  afterEach(() => close());

  const container = () => server.application.container;
  const recheck = () => container().get(RecheckOauthAccounts).execute(new AbortController().signal);
  const stored = async (id: string) =>
    (await container()
      .get(tokens.reads)
      .oauthAccounts.find(id as OauthAccount['id'])) as OauthAccount;
  const tokenOf = ({ refreshToken }: OauthAccount) =>
    container()
      .get(tokens.cipher)
      .decrypt(refreshToken ?? '');

  /** Signs in, and lets the grant be as old as said. */
  async function linked(login: string, ageMs: number): Promise<Readonly<{ account: OauthAccount; client: Client }>> {
    const client = guild.clientOf((await guild.signIn(login)).agent);
    const [{ id }] = await accountsOf(client);
    const account = { ...(await stored(id)), checkedAt: new Date(Date.now() - ageMs) };
    await container()
      .get(tokens.unitOfWork)
      .run(({ oauthAccounts }) => oauthAccounts.save(account));
    return { account, client };
  }

  it('try a grant a day after it was last tried, and keep the token that comes back, encrypted', async () => {
    // Taken first: the server's own task may try the grant before the test does.
    const began = Date.now();
    const [due, fresh] = [await linked('shaun', DAY_MS), await linked('gilmore', DAY_MS - 60_000)];
    await recheck();
    const after = await stored(due.account.id);
    expect(after.refreshToken).to.match(/^gAAAA/);
    expect(tokenOf(after)).not.to.equal(tokenOf(due.account));
    expect(after.checkedAt?.getTime()).to.be.least(began);
    expect(after).to.deep.equal({ ...due.account, refreshToken: after.refreshToken, checkedAt: after.checkedAt });
    expect(await stored(fresh.account.id)).to.deep.equal(fresh.account);
    await recheck();
    expect(await stored(due.account.id)).to.deep.equal(after);
    expect((await due.client.get('/auth/me')).status).to.equal(200);
  });

  it('end the sessions that began through a grant that is over, and no others; mark the account, and tell the audit', async () => {
    const { account, client } = await linked('sylas', DAY_MS);
    const again = guild.clientOf((await guild.signIn('sylas')).agent);
    await linked('sylas', DAY_MS);
    const other = await linked('delilah', DAY_MS);
    const password = { new_password: 'sturdy-oak-table' };
    expect((await other.client.post('/auth/password', password)).status).to.equal(204);
    const byPassword = await server.client().signIn('delilah@guild.example', password.new_password);
    for (const grant of [account, other.account]) {
      const token = await provider.RefreshToken.find(tokenOf(await stored(grant.id)));
      await token?.destroy();
    }
    await recheck();
    const statuses = await Promise.all([client, again, other.client, byPassword].map((one) => one.get('/auth/me')));
    expect(statuses.map(({ status }) => status)).to.deep.equal([401, 401, 401, 200]);
    const [shown] = await accountsOf(byPassword);
    expect(shown.broken_at).not.to.equal(null);
    expect(await stored(account.id)).to.include({ refreshToken: null });
    const { items } = await container()
      .get(tokens.reads)
      .audit.list({ action: 'oauth_accounts.break', subject: `oauth_account:${account.id}` }, { limit: 10 });
    expect(items).to.have.length(1);
    expect(items[0]).to.deep.include({ actorKind: 'system', actorId: null, outcome: 'done' });
    expect(items[0]?.before).to.include({ broken: false });
    expect(items[0]?.after).to.include({ broken: true, sessions_ended: 3 });
    await recheck();
    const { agent } = await guild.signIn('sylas');
    expect((await accountsOf(guild.clientOf(agent)))[0].broken_at).to.equal(null);
  });

  it('change nothing while the issuer is away, and leave it alone for a while', async () => {
    const { account, client } = await linked('cassandra', DAY_MS);
    issuer.shut();
    expect(await refusalOf(recheck())).to.equal('oauth_provider_unavailable');
    expect(await stored(account.id)).to.deep.equal(account);
    expect((await client.get('/auth/me')).status).to.equal(200);
    issuer.open(server.url);
    await recheck();
    expect(await stored(account.id)).to.deep.equal(account);
  });

  it('use a grant one at a time, so that three at once all succeed', async () => {
    const { account } = await linked('percy', DAY_MS);
    const outcomes = await Promise.all([1, 2, 3].map(() => container().get(RefreshOauthAccount).execute(account.id)));
    expect(outcomes.map(({ did }) => did)).to.deep.equal(['refreshed', 'refreshed', 'refreshed']);
  });
});
