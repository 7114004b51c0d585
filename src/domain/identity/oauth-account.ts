/** An OAuth account: an account at an OpenID Connect provider through which a user can sign in. */
import type { OauthAccountId, UserId } from '#domain/shared/ids.ts';
import { identityErrors } from './errors.ts';

/** Generous, and low enough for the accounts of a user to be listed without pages. */
const ACCOUNTS_PER_USER = 20;

export type OauthAccount = Readonly<{
  id: OauthAccountId;
  userId: UserId;
  /** The name under which the issuer is configured, such as `google`. */
  provider: string;
  /** Issuer and subject together are unique. Nothing else identifies an account, the e-mail address least of all. */
  issuer: string;
  subject: string;
  /** The address that the issuer last reported: shown to the owner, never used to find an account. */
  email: string | null;
  /** Encrypted; null if the issuer gave none, or no encryption key is configured. */
  refreshToken: string | null;
  linkedAt: Date;
  /** The last sign-in through the account. */
  lastUsedAt: Date;
  /** When the grant was last tried, by a sign-in or a recheck; null for one of before there were rechecks. */
  checkedAt: Date | null;
  /** When the issuer rejected the grant; null while the grant is valid. The next sign-in clears it. */
  brokenAt: Date | null;
}>;

/** What an issuer returned at a sign-in, with the refresh token encrypted. */
export type OauthAnswer = Readonly<{ email: string | null; refreshToken: string | null }>;

/**
 * Returns the account after a sign-in. The grant is valid again, and values that the issuer left out keep their old
 * ones.
 */
export function signedInThrough(account: OauthAccount, answer: OauthAnswer, now: Date): OauthAccount {
  return {
    ...account,
    email: answer.email ?? account.email,
    refreshToken: answer.refreshToken ?? account.refreshToken,
    lastUsedAt: now,
    checkedAt: now,
    brokenAt: null,
  };
}

/** Returns the account after its refresh token was tried. `refreshToken` is its replacement; null keeps the old one. */
export function rechecked(account: OauthAccount, refreshToken: string | null, now: Date): OauthAccount {
  return { ...account, refreshToken: refreshToken ?? account.refreshToken, checkedAt: now };
}

/**
 * Returns the account after its issuer rejected the refresh token, which is discarded. The first rejection keeps its
 * time.
 */
export function broken(account: OauthAccount, now: Date): OauthAccount {
  return { ...account, refreshToken: null, checkedAt: now, brokenAt: account.brokenAt ?? now };
}

/** Throws 409 `oauth_accounts_full` if a user with these accounts cannot link another. */
export function checkRoom(linked: readonly OauthAccount[]): void {
  if (linked.length >= ACCOUNTS_PER_USER) throw identityErrors.oauthAccountsFull({ max: ACCOUNTS_PER_USER });
}

/** Throws 409 `last_sign_in` if what remains after unlinking, a password and other accounts, is no way to sign in. */
export function checkUnlink(remaining: Readonly<{ hasPassword: boolean; accounts: readonly OauthAccount[] }>): void {
  if (!remaining.hasPassword && remaining.accounts.length === 0) throw identityErrors.lastSignIn();
}
