/** What happens to a linked account while its provider is asked whether it is still good, on every record store. */
import { expect } from 'chai';
import { EmbeddedLeases } from '#adapters/embedded/leases.ts';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { parseFernetKey } from '#adapters/security/fernet.ts';
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import { UuidIds } from '#adapters/system/ids.ts';
import type { OauthProviders, RefreshOutcome } from '#application/identity/oauth/ports.ts';
import { RefreshOauthAccount } from '#application/identity/oauth/refresh-oauth-account.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import type { Leases } from '#application/shared/leases.ts';
import { KeyedMutex } from '#application/shared/turns/keyed-mutex.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import { contract } from '../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../support/backends/record-stores.ts';
import { aFernetKey } from '../support/builders/fernet-keys.ts';
import { anOauthAccount, aSession, at, aUser } from '../support/builders/records.ts';
import { failureOf } from '../support/reporting/refusals.ts';

contract('a linked account that is rechecked', ON_RECORD_STORES, recordStores, (stores) => {
  const clock = { now: () => at(60) };
  const cipher = new FernetCipher({ keys: [parseFernetKey(aFernetKey())].filter((key) => key !== undefined), clock });
  const user = aUser();
  let sessions: EmbeddedSessions;
  let account: OauthAccount;

  beforeEach(async () => {
    sessions = new EmbeddedSessions({ file: new SpeedFile({ synchronous: 'full' }) });
    account = anOauthAccount(user.id, { refreshToken: cipher.encrypt('one') });
    await stores().unitOfWork.run(async ({ users, oauthAccounts }) => {
      await users.add(user);
      await oauthAccounts.add(account);
    });
  });
  afterEach(() => sessions.close());

  const stored = () => stores().reads.oauthAccounts.find(account.id);
  const save = (changed: OauthAccount) => stores().unitOfWork.run(({ oauthAccounts }) => oauthAccounts.save(changed));
  const breaks = async () => (await stores().reads.audit.list({ action: 'oauth_accounts.break' }, { limit: 9 })).items;

  /** A recheck whose provider does this before it answers, in a process that shares its leases with others. */
  function recheck(
    answer: () => Promise<RefreshOutcome>,
    of: Pick<EmbeddedSessions, 'listByUser' | 'end'> = sessions,
    leases: Leases = new EmbeddedLeases(),
  ) {
    const { unitOfWork, reads } = stores();
    const providers = { refresh: answer } as unknown as OauthProviders;
    const audit = new AuditEntries({ clock, ids: new UuidIds() });
    const mutex = new KeyedMutex();
    const deps = { reads, unitOfWork, sessions: of, providers, cipher, mutex, leases, audit, clock };
    return new RefreshOauthAccount(deps).execute(account.id);
  }

  it('asks the provider from one process at a time: it would take a token that is used twice for stolen', async () => {
    const session = aSession(user.id, { oauthAccountId: account.id });
    await sessions.begin(session, 9);
    const leases = new EmbeddedLeases();
    const used = new Set<string>();
    const gate = Promise.withResolvers<void>();
    const provider = async (): Promise<RefreshOutcome> => {
      if (used.has('one')) return { did: 'invalid_grant' };
      used.add('one');
      await gate.promise;
      return { did: 'refreshed', refreshToken: 'two' };
    };
    const first = recheck(provider, sessions, leases);
    expect(await recheck(provider, sessions, leases)).to.deep.equal({ did: 'nothing' });
    gate.resolve();
    expect(await first).to.deep.equal({ did: 'refreshed' });
    expect(await sessions.find(session.digest, at(60))).to.not.equal(undefined);
    expect((await stored())?.brokenAt).to.equal(null);
  });

  for (const outcome of [{ did: 'refreshed', refreshToken: 'two' }, { did: 'invalid_grant' }] as const) {
    it(`keeps what a sign-in brings while the provider answers "${outcome.did}"`, async () => {
      const better = { ...account, refreshToken: cipher.encrypt('better'), checkedAt: at(61) };
      const session = aSession(user.id, { oauthAccountId: account.id });
      await sessions.begin(session, 9);
      const done = await recheck(async () => {
        await save(better);
        return outcome;
      });
      expect(done.did).to.equal('nothing');
      expect(await stored()).to.deep.equal(better);
      expect(await sessions.find(session.digest, at(60))).to.deep.equal(session);
      expect(await breaks()).to.deep.equal([]);
    });
  }

  it('ends the sessions that began through it by then, and leaves one that began later, or otherwise', async () => {
    const through = { oauthAccountId: account.id };
    const [old, late] = [aSession(user.id, through), aSession(user.id, { ...through, createdAt: at(60.001) })];
    const others = [aSession(user.id), aSession(user.id, { oauthAccountId: null })];
    for (const session of [old, late, ...others]) await sessions.begin(session, 9);
    expect((await recheck(async () => ({ did: 'invalid_grant' }))).did).to.equal('broken');
    const left = await sessions.listByUser(user.id, at(61));
    expect(left.map(({ id }) => id)).to.have.members([late, ...others].map(({ id }) => id));
    expect(await stored()).to.deep.equal({ ...account, refreshToken: null, checkedAt: at(60), brokenAt: at(60) });
  });

  it('is not marked where its sessions cannot be ended, so that the next recheck ends them', async () => {
    const session = aSession(user.id, { oauthAccountId: account.id });
    await sessions.begin(session, 9);
    const failing = { listByUser: sessions.listByUser.bind(sessions), end: () => Promise.reject(new Error('full')) };
    await failureOf(recheck(async () => ({ did: 'invalid_grant' }), failing));
    expect(await stored()).to.deep.equal(account);
    await recheck(async () => ({ did: 'invalid_grant' }));
    expect(await sessions.find(session.digest, at(60))).to.equal(undefined);
    expect(await breaks()).to.have.length(1);
  });

  it('waits for the next day where the provider refuses for another reason, or no key fits', async () => {
    expect((await recheck(() => Promise.reject(new Error('refused')))).did).to.equal('refused');
    expect(await stored()).to.deep.equal({ ...account, checkedAt: at(60) });
    const lost = { ...account, refreshToken: 'not-encrypted-by-us' };
    await save(lost);
    expect((await recheck(async () => ({ did: 'refreshed', refreshToken: null }))).did).to.equal('refused');
    expect(await stored()).to.deep.equal({ ...lost, checkedAt: at(60) });
  });
});
