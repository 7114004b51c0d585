/** What signing in through a provider of OpenID Connect needs of the outside. */
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import type { OauthAccountId, UserId } from '#domain/shared/ids.ts';

/** The grants whose turn it is: those of these providers that were last tried by `before`, or never. */
export type DueGrants = Readonly<{
  providers: readonly string[];
  before: Date;
  /** A grant that was tried later than this was tried by a clock that was ahead, and is due too. */
  now: Date;
}>;

/** Linked accounts. */
export interface OauthAccounts {
  find(id: OauthAccountId): Promise<OauthAccount | undefined>;
  /** Compared exactly: issuers decide what a subject is. */
  findBySubject(issuer: string, subject: string): Promise<OauthAccount | undefined>;
  /** A user's accounts, the first linked first. */
  listByUser(userId: UserId): Promise<readonly OauthAccount[]>;
  /** At most `limit` accounts with a refresh token that are due, in no order. */
  listDue(due: DueGrants, limit: number): Promise<readonly OauthAccount[]>;
  /** Throws 409 `oauth_account_taken` where issuer and subject are linked already. */
  add(account: OauthAccount): Promise<void>;
  /** Brings e-mail, refresh token and times in line; whose it is never changes. */
  save(account: OauthAccount): Promise<void>;
  /** Nothing happens where there is no such account. */
  remove(id: OauthAccountId): Promise<void>;
}

/** A provider as people choose it. `label` is what to call it, such as `Google`. */
export type ShownProvider = Readonly<{ name: string; label: string }>;

/** What only the browser that began a flow, and we, can know until it ends. */
export type OauthChecks = Readonly<{ state: string; nonce: string; codeVerifier: string }>;

/** Who the issuer says it is. All of it was checked: signature, issuer, audience, nonce, time. */
export type OauthIdentity = Readonly<{
  issuer: string;
  subject: string;
  email: string | null;
  /** Whether the issuer vouches for the e-mail; null where it does not say. */
  emailVerified: boolean | null;
  name: string | null;
  /** In the clear. */
  refreshToken: string | null;
}>;

/**
 * The providers that are configured, by name. Every method that takes a name throws 404 `oauth_provider_not_found`;
 * those that ask the provider throw 503 `oauth_provider_unavailable` within seconds where it does not answer.
 */
export interface OauthProviders {
  /** All of them, in the order of their names; asks nobody. */
  list(): readonly ShownProvider[];
  /** Throws 404 where there is no such provider; asks nobody. */
  require(provider: string): void;
  /** Whether an account of this issuer is a way to sign in right now. */
  serves(issuer: string): boolean;
  /** Where to send the browser, and what its return has to match. */
  begin(provider: string, redirectUri: string): Promise<Readonly<{ url: string; checks: OauthChecks }>>;
  /**
   * Exchanges what the browser brought back. Throws 401 `oauth_failed` where anything of it is not as it must be; its
   * `cause` says what.
   */
  complete(
    provider: string,
    returned: Readonly<{ redirectUri: string; query: Readonly<Record<string, string>> }>,
    checks: OauthChecks,
  ): Promise<OauthIdentity>;
  /**
   * Uses a refresh token. A token of the answer replaces the one that was used, which else stays good. Throws 401
   * `oauth_failed` where it is refused for another reason than that the grant is over.
   */
  refresh(provider: string, refreshToken: string): Promise<RefreshOutcome>;
}

export type RefreshOutcome = Readonly<{ did: 'refreshed'; refreshToken: string | null } | { did: 'invalid_grant' }>;
