/** An account at a provider of OpenID Connect that is linked to a user: a way for them to sign in. */
import type { OauthAccountId, UserId } from '#domain/shared/ids.ts';
import { identityErrors } from './errors.ts';

/** Nobody needs more; a list of this length needs no pages. */
const ACCOUNTS_PER_USER = 20;

export type OauthAccount = Readonly<{
  id: OauthAccountId;
  userId: UserId;
  /** The name under which the issuer is configured here. */
  provider: string;
  /** Issuer and subject together are unique, and the only thing by which an account is known. */
  issuer: string;
  subject: string;
  /** What the issuer last said; shown to the owner, and never looked up. */
  email: string | null;
  /** Encrypted; null where there was none, or nothing to encrypt it under. */
  refreshToken: string | null;
  linkedAt: Date;
  lastUsedAt: Date;
  /** When the issuer took back what it had granted; null while it stands. Signing in mends it. */
  brokenAt: Date | null;
}>;

/** What an issuer says of who signed in, with the refresh token encrypted. */
export type OauthAnswer = Readonly<{ email: string | null; refreshToken: string | null }>;

/** The account after a sign-in: the grant stands again, and a refresh token outlives an answer that has none. */
export function signedInThrough(account: OauthAccount, answer: OauthAnswer, now: Date): OauthAccount {
  return {
    ...account,
    email: answer.email ?? account.email,
    refreshToken: answer.refreshToken ?? account.refreshToken,
    lastUsedAt: now,
    brokenAt: null,
  };
}

/** The account after its grant was used. */
export function refreshed(account: OauthAccount, refreshToken: string | null, now: Date): OauthAccount {
  return { ...account, refreshToken: refreshToken ?? account.refreshToken, lastUsedAt: now };
}

/** The account after its issuer refused the refresh token, which is good for nothing more. */
export function broken(account: OauthAccount, now: Date): OauthAccount {
  return { ...account, refreshToken: null, brokenAt: account.brokenAt ?? now };
}

/** Refuses with 409 `oauth_accounts_full`. */
export function checkRoom(linked: readonly OauthAccount[]): void {
  if (linked.length >= ACCOUNTS_PER_USER) throw identityErrors.oauthAccountsFull({ max: ACCOUNTS_PER_USER });
}

/** Refuses with 409 `last_sign_in` to leave a user with neither a password nor another account. */
export function checkUnlink(left: Readonly<{ hasPassword: boolean; accounts: readonly OauthAccount[] }>): void {
  if (!left.hasPassword && left.accounts.length === 0) throw identityErrors.lastSignIn();
}

/** What the audit shows of an account. */
export function auditedOauthAccount(account: OauthAccount) {
  const { userId, provider, issuer, subject, brokenAt } = account;
  return { userId, provider, issuer, subject, broken: brokenAt !== null };
}
