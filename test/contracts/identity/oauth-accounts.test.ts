/** What every store of linked accounts promises. */
import { expect } from 'chai';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { anOauthAccount, at, aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

contract('OauthAccounts', ON_RECORD_STORES, recordStores, (stores) => {
  const user = aUser();
  const other = aUser();
  const add = (account: OauthAccount) => stores().unitOfWork.run(({ oauthAccounts }) => oauthAccounts.add(account));
  const find = (account: OauthAccount) => stores().reads.oauthAccounts.find(account.id);

  beforeEach(() =>
    stores().unitOfWork.run(async ({ users }) => {
      await users.add(user);
      await users.add(other);
    }),
  );

  it('returns every field as it was stored, inside a unit of work and outside, by id and by subject', async () => {
    const bare = { email: null, refreshToken: null, checkedAt: null, brokenAt: null };
    for (const account of [anOauthAccount(user.id, { brokenAt: at(9) }), anOauthAccount(user.id, bare)]) {
      await add(account);
      expect(await find(account)).to.deep.equal(account);
      const inside = await stores().unitOfWork.run(({ oauthAccounts }) =>
        oauthAccounts.findBySubject(account.issuer, account.subject),
      );
      expect(inside).to.deep.equal(account);
    }
  });

  it('compares issuer and subject exactly', async () => {
    const account = anOauthAccount(user.id, { subject: 'Abc' });
    await add(account);
    const { oauthAccounts } = stores().reads;
    for (const [issuer, subject] of [
      [account.issuer, 'abc'],
      [account.issuer, 'Abc '],
      [`${account.issuer}/`, 'Abc'],
    ] as const) {
      expect(await oauthAccounts.findBySubject(issuer, subject)).to.equal(undefined);
    }
  });

  it('refuses an account that is already linked to any user, and leaves the first link unchanged', async () => {
    const account = anOauthAccount(user.id);
    await add(account);
    const { issuer, subject } = account;
    for (const owner of [user, other]) {
      expect(await refusalOf(add(anOauthAccount(owner.id, { issuer, subject })))).to.equal('oauth_account_taken');
    }
    expect(await stores().reads.oauthAccounts.findBySubject(issuer, subject)).to.deep.equal(account);
    await add(anOauthAccount(other.id, { issuer: 'https://another.example', subject }));
  });

  it('links one of eight concurrent accounts, and refuses the others as oauth_account_taken', async () => {
    const subject = 'raced';
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => add(anOauthAccount((i % 2 === 0 ? user : other).id, { subject }))),
    );
    const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'added'));
    expect(codes.sort()).to.deep.equal(['added', ...Array(7).fill('oauth_account_taken')]);
  });

  it('lists the accounts of a user in the order in which they were linked', async () => {
    const [late, early] = [anOauthAccount(user.id, { linkedAt: at(2) }), anOauthAccount(user.id, { linkedAt: at(1) })];
    for (const account of [late, anOauthAccount(other.id), early]) await add(account);
    expect(await stores().reads.oauthAccounts.listByUser(user.id)).to.deep.equal([early, late]);
    expect(await stores().reads.oauthAccounts.listByUser(aUser().id)).to.deep.equal([]);
  });

  it('saves e-mail, refresh token and times, but never owner or subject', async () => {
    const account = anOauthAccount(user.id);
    await add(account);
    const changed = {
      email: 'new@example.org',
      refreshToken: 'sealed-2',
      lastUsedAt: at(50),
      brokenAt: at(51),
      checkedAt: at(52),
    };
    await stores().unitOfWork.run(({ oauthAccounts }) =>
      oauthAccounts.save({ ...account, ...changed, userId: other.id, subject: 'else' }),
    );
    expect(await find(account)).to.deep.equal({ ...account, ...changed });
    await stores().unitOfWork.run(({ oauthAccounts }) => oauthAccounts.save(anOauthAccount(user.id)));
    expect(await stores().reads.oauthAccounts.listByUser(user.id)).to.have.length(1);
  });

  it('lists at most so many grants that are due: of these providers, with a token, tried long ago, never, or in the future', async () => {
    const due = { providers: ['guild', 'forger'], before: at(100), now: at(200) };
    const listed = async (limit = 10) => stores().reads.oauthAccounts.listDue(due, limit);
    const [long, never, ahead, forged] = [
      anOauthAccount(user.id, { checkedAt: at(100) }),
      anOauthAccount(user.id, { checkedAt: null }),
      anOauthAccount(other.id, { checkedAt: at(365 * 86_400) }),
      anOauthAccount(other.id, { provider: 'forger', checkedAt: at(1) }),
    ];
    const notDue = [
      anOauthAccount(user.id, { checkedAt: at(100.001) }),
      anOauthAccount(user.id, { checkedAt: at(200) }),
      anOauthAccount(user.id, { checkedAt: at(1), refreshToken: null }),
      anOauthAccount(user.id, { checkedAt: at(1), provider: 'pirates' }),
    ];
    for (const account of [long, never, ahead, forged, ...notDue]) await add(account);
    expect(await listed()).to.have.deep.members([long, never, ahead, forged]);
    expect(await listed(3)).to.have.length(3);
    expect(await stores().reads.oauthAccounts.listDue({ ...due, providers: [] }, 10)).to.deep.equal([]);
  });

  it('removes one account, and ignores one that was already removed', async () => {
    const [account, kept] = [anOauthAccount(user.id), anOauthAccount(user.id)];
    for (const one of [account, kept]) await add(one);
    for (const _ of [1, 2]) await stores().unitOfWork.run(({ oauthAccounts }) => oauthAccounts.remove(account.id));
    expect(await stores().reads.oauthAccounts.listByUser(user.id)).to.deep.equal([kept]);
  });

  it('refuses an account of an unknown user, and deletes accounts with their user', async () => {
    await failureOf(add(anOauthAccount(aUser().id)));
    const account = anOauthAccount(user.id);
    await add(account);
    await stores().unitOfWork.run(({ users }) => users.remove(user.id));
    expect(await find(account)).to.equal(undefined);
  });

  it('returns copies, so that changing one does not change what is stored', async () => {
    const account = anOauthAccount(user.id);
    await add(account);
    (await find(account))?.linkedAt.setTime(0);
    expect(await find(account)).to.deep.equal(account);
  });
});
