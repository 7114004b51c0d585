/** What an account may be called, and how many may be linked to a user. */
import { expect } from 'chai';
import { checkRoom, type OauthAccount } from '#domain/identity/oauth-account.ts';
import { checkUsername } from '#domain/identity/user.ts';
import { DomainError } from '#domain/shared/domain-error.ts';

const withCode = (code: string) => (error: unknown) => error instanceof DomainError && error.code === code;

describe('an account', () => {
  it('cannot have a username that looks like an e-mail address', () => {
    expect(() => checkUsername('Vex')).not.to.throw();
    expect(() => checkUsername('vex@example.org'))
      .to.throw()
      .that.satisfies(withCode('username_invalid'));
  });

  it('can have at most twenty linked accounts', () => {
    const linked = (count: number) => Array.from({ length: count }, () => ({}) as OauthAccount);
    expect(() => checkRoom(linked(19))).not.to.throw();
    expect(() => checkRoom(linked(20)))
      .to.throw()
      .that.satisfies(withCode('oauth_accounts_full'));
  });
});
