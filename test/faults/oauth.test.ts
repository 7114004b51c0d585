/** Races for linked accounts, on every record store. */
import { expect } from 'chai';
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import { SystemClock } from '#adapters/system/clock.ts';
import { UuidIds } from '#adapters/system/ids.ts';
import { OauthSignIn } from '#application/identity/oauth/oauth-sign-in.ts';
import type { OauthIdentity, OauthProviders } from '#application/identity/oauth/ports.ts';
import { UnlinkOauthAccount } from '#application/identity/oauth/unlink-oauth-account.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { NO_ORIGIN } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract } from '../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../support/backends/record-stores.ts';
import { actorFor } from '../support/builders/conversing.ts';
import { anOauthAccount, aUser } from '../support/builders/records.ts';
import { rounds } from '../support/reporting/rounds.ts';

const ROUNDS = rounds(100);

contract('races for linked accounts', ON_RECORD_STORES, recordStores, (stores) => {
  const [clock, ids] = [new SystemClock(), new UuidIds()];
  const audit = new AuditEntries({ clock, ids });

  it(`create one user for eight concurrent sign-ins with one new account, and accept all eight, ${ROUNDS} times`, async function () {
    this.timeout(120_000);
    const cipher = new FernetCipher({ keys: [], clock });
    const { unitOfWork } = stores();
    const useCase = new OauthSignIn({ unitOfWork, registration: 'open', cipher, audit, clock, ids });
    for (let round = 0; round < ROUNDS; round++) {
      const proved = { provider: 'guild', identity: identityOf(round), origin: NO_ORIGIN };
      const signedIn = await Promise.all(Array.from({ length: 8 }, () => useCase.signIn(proved)));
      expect(new Set(signedIn.map(({ user }) => user.id)).size).to.equal(1);
      expect(await stores().reads.oauthAccounts.listByUser(signedIn[0]?.user.id as UserId)).to.have.length(1);
    }
  });

  it(`leave one of a user’s two accounts if both are unlinked at once, ${ROUNDS} times`, async function () {
    this.timeout(120_000);
    const providers = { serves: () => true } as unknown as OauthProviders;
    const useCase = new UnlinkOauthAccount({ unitOfWork: stores().unitOfWork, providers, audit });
    for (let round = 0; round < ROUNDS; round++) {
      const user = aUser();
      const accounts = [anOauthAccount(user.id), anOauthAccount(user.id)];
      await stores().unitOfWork.run(async ({ users, oauthAccounts }) => {
        await users.add(user);
        for (const account of accounts) await oauthAccounts.add(account);
      });
      const outcomes = await Promise.allSettled(accounts.map((one) => useCase.execute(actorFor(user.id), one)));
      const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'unlinked'));
      expect(codes.sort()).to.deep.equal(['last_sign_in', 'unlinked']);
      expect(await stores().reads.oauthAccounts.listByUser(user.id)).to.have.length(1);
    }
  });
});

function identityOf(round: number): OauthIdentity {
  const [issuer, subject] = ['https://guild.example', `member-${round}`];
  return { issuer, subject, email: `${subject}@guild.example`, emailVerified: true, name: null, refreshToken: null };
}
