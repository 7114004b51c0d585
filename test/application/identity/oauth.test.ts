/** Signing in through a provider, as use cases in memory: which flow is good, and what nobody may do by one. */
import { setImmediate } from 'node:timers/promises';
import { expect } from 'chai';
import { EmbeddedLeases } from '#adapters/embedded/leases.ts';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { parseFernetKey } from '#adapters/security/fernet.ts';
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import { CompleteOauth } from '#application/identity/oauth/complete-oauth.ts';
import { OauthFlows } from '#application/identity/oauth/oauth-flows.ts';
import { OauthSignIn } from '#application/identity/oauth/oauth-sign-in.ts';
import type { OauthIdentity, OauthProviders } from '#application/identity/oauth/ports.ts';
import { RefreshOauthAccount } from '#application/identity/oauth/refresh-oauth-account.ts';
import { UnlinkOauthAccount } from '#application/identity/oauth/unlink-oauth-account.ts';
import type { Sessions } from '#application/identity/ports.ts';
import type { SessionStarter } from '#application/identity/sessions/session-starter.ts';
import type { Repos } from '#application/repos.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { KeyedMutex } from '#application/shared/turns/keyed-mutex.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { Session } from '#domain/identity/session.ts';
import { NO_ORIGIN } from '#domain/shared/actor.ts';
import type { ApiTokenId, OauthAccountId, UserId } from '#domain/shared/ids.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';
import { anOauthAccount, at, aUser, newId } from '../../support/builders/records.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';
import { SEEDERS } from '../../support/servers/temporary-database.ts';

const checks = { state: 'the state', nonce: 'n', codeVerifier: 'v' };

describe('sign-in through a provider', () => {
  let now: Date;
  let database: MemoryDatabase;
  const clock = { now: () => now };
  const ids = { next: newId };
  const audit = new AuditEntries({ clock, ids });
  const cipher = new FernetCipher({ keys: [parseFernetKey(aFernetKey())].filter((key) => key !== undefined), clock });
  let flows: OauthFlows;
  const seal = (linkTo: UserId | null = null) =>
    flows.seal({ provider: 'guild', redirectUri: 'https://tavern.example/', checks, linkTo }).secret;

  beforeEach(async () => {
    now = at(0);
    flows = new OauthFlows({ cipher, clock });
    database = new MemoryDatabase();
    await new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork }).up();
  });

  const refusal = (work: () => unknown) => refusalOf(Promise.resolve().then(work));

  it('is open for ten minutes, and not a millisecond longer', async () => {
    const [soon, late] = [seal(), seal()];
    now = at(599.999);
    expect(flows.open(soon, 'guild', checks.state).checks).to.deep.equal(checks);
    flows = new OauthFlows({ cipher, clock });
    now = at(600);
    expect(await refusal(() => flows.open(late, 'guild', checks.state))).to.equal('oauth_flow_invalid');
  });

  it('is good for its provider and its state alone, once, and again where it was released', async () => {
    const secret = seal();
    for (const [provider, state] of [
      ['forger', checks.state],
      ['guild', 'another'],
      ['guild', undefined],
    ] as const) {
      expect(await refusal(() => flows.open(secret, provider, state))).to.equal('oauth_flow_invalid');
    }
    const flow = flows.open(secret, 'guild', checks.state);
    expect(await refusal(() => flows.open(secret, 'guild', checks.state))).to.equal('oauth_flow_invalid');
    flows.release(flow);
    expect(flows.open(secret, 'guild', checks.state)).to.deep.equal(flow);
  });

  it('links no account by a token of the user in whose session it began', async () => {
    const user = aUser();
    let asked = 0;
    const providers = { require: () => {}, complete: async () => (asked += 1) } as unknown as OauthProviders;
    const rest = { oauthSignIn: {} as OauthSignIn, sessionStarter: {} as SessionStarter };
    const complete = () => new CompleteOauth({ providers, flows, ...rest, failures: { enqueue: () => {} }, audit });
    const query = { state: checks.state, code: 'c' };
    const returned = { provider: 'guild', query, origin: NO_ORIGIN, userAgent: null, presentedSecret: null };
    for (const actor of [
      { ...actorFor(user.id), sessionId: null, tokenId: 'tok_1' as ApiTokenId },
      { ...actorFor(aUser().id), sessionId: newId('session') },
      null,
    ]) {
      flows = new OauthFlows({ cipher, clock });
      const refused = refusalOf(complete().execute(actor, { ...returned, secret: seal(user.id) }));
      expect(await refused).to.equal('oauth_flow_invalid');
    }
    expect(asked).to.equal(0);
  });

  it('tries once more where somebody arrives twice at once, and after no other refusal', async () => {
    const identity: OauthIdentity = {
      issuer: 'https://guild.example',
      subject: 's1',
      email: 'vex@guild.example',
      emailVerified: true,
      name: null,
      refreshToken: null,
    };
    const proved = { provider: 'guild', identity, origin: NO_ORIGIN };
    let tries = 0;
    /** Another sign-in of the same account is committed first; this one conflicts with it. */
    const unitOfWork: UnitOfWork<Repos> = {
      run: async (work) => {
        tries += 1;
        const result = await database.unitOfWork.run(work);
        if (tries === 1) throw identityErrors.emailTaken();
        return result;
      },
    };
    const deps = { unitOfWork, cipher, audit, clock, ids };
    const signedIn = await new OauthSignIn({ ...deps, registration: 'open' }).signIn(proved);
    expect(await database.reads.oauthAccounts.listByUser(signedIn.user.id)).to.have.length(1);
    expect([signedIn.user.email, tries]).to.deep.equal(['vex@guild.example', 2]);
    const other = { ...proved, identity: { ...identity, subject: 's2' } };
    const closed = new OauthSignIn({ ...deps, registration: 'closed' });
    expect(await refusalOf(closed.signIn(other))).to.equal('registration_closed');
    expect(tries).to.equal(3);
    expect(await refusalOf(new OauthSignIn({ ...deps, registration: 'open' }).signIn(other))).to.equal('email_taken');
    expect(tries).to.equal(5);
  });

  it('leaves the account of a disabled user as it is', async () => {
    const user = aUser({ status: 'disabled', roles: ['player'] });
    const account = anOauthAccount(user.id, { brokenAt: at(5) });
    await database.unitOfWork.run(async ({ users, oauthAccounts }) => {
      await users.add(user);
      await oauthAccounts.add(account);
    });
    now = at(100);
    const identity: OauthIdentity = {
      issuer: account.issuer,
      subject: account.subject,
      email: 'another@guild.example',
      emailVerified: true,
      name: null,
      refreshToken: 'new',
    };
    const { unitOfWork } = database;
    const signIn = new OauthSignIn({ unitOfWork, registration: 'open', cipher, audit, clock, ids });
    const signedIn = await signIn.signIn({ provider: 'guild', identity, origin: NO_ORIGIN });
    expect(signedIn).to.deep.equal({ user, oauthAccountId: account.id });
    expect(await database.reads.oauthAccounts.find(account.id)).to.deep.equal(account);
  });

  it('ends every session through an account whose grant is over before the account is marked broken', async () => {
    const user = aUser({ roles: ['player'] });
    const account = anOauthAccount(user.id, { refreshToken: cipher.encrypt('the grant') });
    await database.unitOfWork.run(async ({ users, oauthAccounts }) => {
      await users.add(user);
      await oauthAccounts.add(account);
    });
    now = at(50);
    const began = (digest: string, seconds: number, oauthAccountId: OauthAccountId | null = account.id) =>
      ({ digest, createdAt: at(seconds), oauthAccountId }) as Session;
    const live = [began('a', 10), began('b', 50), began('later', 50.001), began('by password', 10, null)];
    const ended: string[] = [];
    const sessions = {
      listByUser: async () => live,
      end: async (digest: string) => {
        await setImmediate();
        expect((await database.reads.oauthAccounts.find(account.id))?.brokenAt).to.equal(null);
        ended.push(digest);
      },
    } as unknown as Sessions;
    const refresh = async (_: string, token: string) => {
      expect(token).to.equal('the grant');
      return { did: 'invalid_grant' } as const;
    };
    const { unitOfWork, reads } = database;
    const providers = { refresh } as unknown as OauthProviders;
    const deps = {
      unitOfWork,
      reads,
      sessions,
      providers,
      cipher,
      mutex: new KeyedMutex(),
      leases: new EmbeddedLeases(),
      audit,
      clock,
    };
    expect(await new RefreshOauthAccount(deps).execute(account.id)).to.deep.equal({ did: 'broken' });
    expect(ended).to.deep.equal(['a', 'b']);
    expect((await reads.oauthAccounts.find(account.id))?.brokenAt).to.deep.equal(at(50));
    const { items } = await database.reads.audit.list({}, { limit: 9 });
    expect(items.map(({ subject }) => subject)).to.deep.equal([`oauth_account:${account.id}`]);
    expect(items[0]).to.deep.include({ actorKind: 'system', action: 'oauth_accounts.break' });
    expect(items[0]?.after).to.deep.include({ sessions_ended: 2 });
  });

  it('counts an account whose provider is no longer configured as no way in, when another one is unlinked', async () => {
    const user = aUser({ roles: ['player'] });
    const [served, gone] = [anOauthAccount(user.id), anOauthAccount(user.id, { issuer: 'https://gone.example' })];
    await database.unitOfWork.run(async ({ users, oauthAccounts }) => {
      await users.add(user);
      for (const account of [served, gone]) await oauthAccounts.add(account);
    });
    const providers = { serves: (issuer: string) => issuer === served.issuer } as unknown as OauthProviders;
    const unlink = new UnlinkOauthAccount({ unitOfWork: database.unitOfWork, providers, audit });
    expect(await refusalOf(unlink.execute(actorFor(user.id), served))).to.equal('last_sign_in');
    await unlink.execute(actorFor(user.id), gone);
    expect(await database.reads.oauthAccounts.listByUser(user.id)).to.deep.equal([served]);
  });
});
