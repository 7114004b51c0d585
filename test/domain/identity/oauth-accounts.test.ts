/** What a sign-in at a provider, a recheck and a refusal make of a linked account. */
import { expect } from 'chai';
import { broken, checkRoom, checkUnlink, rechecked, signedInThrough } from '#domain/identity/oauth-account.ts';
import { anOauthAccount, at, aUser } from '../../support/builders/records.ts';
import { outcomeOf, thrownBy } from '../../support/reporting/refusals.ts';

const account = anOauthAccount(aUser().id, { email: 'vex@old.example', refreshToken: 'old', brokenAt: at(1) });

describe('an OAuth account', () => {
  it('is whole again after a sign-in, and keeps what the issuer left out', () => {
    const used = { lastUsedAt: at(9), checkedAt: at(9), brokenAt: null };
    expect(signedInThrough(account, { email: null, refreshToken: null }, at(9))).to.deep.equal({ ...account, ...used });
    const answer = { email: 'vex@new.example', refreshToken: 'new' };
    expect(signedInThrough(account, answer, at(9))).to.deep.equal({ ...account, ...used, ...answer });
  });

  it('keeps its refresh token at a recheck that brings no other', () => {
    expect(rechecked(account, null, at(9))).to.deep.equal({ ...account, checkedAt: at(9) });
    expect(rechecked(account, 'new', at(9))).to.deep.equal({ ...account, checkedAt: at(9), refreshToken: 'new' });
  });

  it('loses its refresh token when the issuer rejects it, and keeps the time of the first rejection', () => {
    const lost = { refreshToken: null, checkedAt: at(9) };
    expect(broken(account, at(9))).to.deep.equal({ ...account, ...lost });
    expect(broken({ ...account, brokenAt: null }, at(9))).to.deep.equal({ ...account, ...lost, brokenAt: at(9) });
  });

  it('is one of twenty at most, which the refusal says', () => {
    const linked = (count: number) => Array.from({ length: count }, () => account);
    expect(outcomeOf(() => checkRoom(linked(19)))).to.equal('ok');
    expect(thrownBy(() => checkRoom(linked(20)))).to.deep.include({
      code: 'oauth_accounts_full',
      details: { max: 20 },
    });
  });

  it('can be unlinked where a password or another account remains to sign in with', () => {
    const unlink = (hasPassword: boolean, remaining: number) =>
      outcomeOf(() => checkUnlink({ hasPassword, accounts: Array.from({ length: remaining }, () => account) }));
    expect([unlink(true, 0), unlink(false, 1), unlink(true, 1), unlink(false, 0)]).to.deep.equal([
      'ok',
      'ok',
      'ok',
      'last_sign_in',
    ]);
  });
});
