/** Finds the user whose account at a provider somebody has proved to hold, links it, or makes the user. */

import type { AuditEntries, AuditEntry, AuditLog } from '#application/shared/audit-log.ts';
import type { Cipher } from '#application/shared/cipher.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { oauthAccountFacts, userFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { displayNameFrom } from '#domain/identity/names.ts';
import { checkRoom, type OauthAccount, signedInThrough } from '#domain/identity/oauth-account.ts';
import { DEFAULT_ROLE } from '#domain/identity/permissions.ts';
import { newUser, normalizeEmail, type User } from '#domain/identity/user.ts';
import type { Origin, UserActor } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { OauthAccountId, UserId } from '#domain/shared/ids.ts';
import type { Users } from '../ports.ts';
import type { Registration } from '../users/register.ts';
import type { OauthAccounts, OauthIdentity } from './ports.ts';

type Repos = Readonly<{ users: Users; oauthAccounts: OauthAccounts; audit: AuditLog }>;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<Repos>;
  registration: Registration;
  cipher: Cipher;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export type ProvedIdentity = Readonly<{ provider: string; identity: OauthIdentity; origin: Origin }>;

/** Who signed in, and through which account. */
export type OauthSignedIn = Readonly<{ user: User; oauthAccountId: OauthAccountId }>;

export class OauthSignIn {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The user of this account. One that nobody knows makes a player where registration is open, never a link to whoever
   * has its e-mail. Throws 403 `registration_closed`, `oauth_email_missing`; 409 `email_taken`.
   */
  async signIn(proved: ProvedIdentity): Promise<OauthSignedIn> {
    try {
      return await this.#signInOnce(proved);
    } catch (error) {
      if (!(error instanceof DomainError) || error.kind !== 'conflict') throw error;
      // Somebody who arrives twice at once is in their own way: by now the account is known.
      return this.#signInOnce(proved);
    }
  }

  #signInOnce(proved: ProvedIdentity): Promise<OauthSignedIn> {
    const [user, used] = [this.#newUser(proved), this.#usedAccount(proved)];
    const account = this.#newAccount(proved, user.id);
    const entries = this.#registered(proved, user, account);
    return this.#deps.unitOfWork.run(async (repos) => {
      const known = await repos.oauthAccounts.findBySubject(account.issuer, account.subject);
      if (known === undefined) {
        this.#checkRegistration(proved);
        await repos.users.add(user);
        await repos.oauthAccounts.add(account);
        for (const entry of entries) await repos.audit.add(entry);
        return { user, oauthAccountId: account.id };
      }
      const owner = await repos.users.find(known.userId);
      if (owner === undefined) throw identityErrors.signInFailed();
      if (owner.status === 'active') await repos.oauthAccounts.save(used(known));
      return { user: owner, oauthAccountId: known.id };
    });
  }

  #registered({ origin }: ProvedIdentity, user: User, account: OauthAccount): readonly AuditEntry[] {
    const { audit } = this.#deps;
    const subject = `oauth_account:${account.id}`;
    return [
      audit.anonymous(origin, { action: 'users.register', subject: `user:${user.id}`, after: userFacts(user) }),
      audit.anonymous(origin, { action: 'oauth_accounts.link', subject, after: oauthAccountFacts(account) }),
    ];
  }

  /** Links the account to the actor; again is fine. Throws 409 `oauth_account_taken`, `oauth_accounts_full`. */
  async link(actor: UserActor, proved: ProvedIdentity): Promise<void> {
    const { unitOfWork, audit } = this.#deps;
    const [account, used] = [this.#newAccount(proved, actor.userId), this.#usedAccount(proved)];
    const subject = `oauth_account:${account.id}`;
    const entry = audit.by(actor, { action: 'oauth_accounts.link', subject, after: oauthAccountFacts(account) });
    await unitOfWork.run(async ({ oauthAccounts, audit: log }) => {
      const known = await oauthAccounts.findBySubject(account.issuer, account.subject);
      if (known !== undefined && known.userId !== actor.userId) throw identityErrors.oauthAccountTaken();
      if (known !== undefined) return oauthAccounts.save(used(known));
      checkRoom(await oauthAccounts.listByUser(actor.userId));
      await oauthAccounts.add(account);
      await log.add(entry);
    });
  }

  #checkRegistration({ identity }: ProvedIdentity): void {
    if (this.#deps.registration !== 'open') throw identityErrors.registrationClosed();
    // An issuer that denies an address would let anybody take another's; one that says nothing is as good as a form.
    if (identity.email === null || identity.emailVerified === false) throw identityErrors.oauthEmailMissing();
  }

  #newUser({ identity }: ProvedIdentity): User {
    const { ids, clock } = this.#deps;
    const email = normalizeEmail(identity.email ?? '');
    const displayName = displayNameFrom(identity.name ?? '') ?? email.split('@')[0] ?? '';
    return newUser({ id: ids.next('user'), email, username: null, displayName, roles: [DEFAULT_ROLE] }, clock.now());
  }

  #newAccount({ provider, identity }: ProvedIdentity, userId: UserId): OauthAccount {
    const { issuer, subject, email } = identity;
    const now = this.#deps.clock.now();
    const id = this.#deps.ids.next('oauthAccount');
    const refreshToken = this.#encrypted(identity);
    return {
      id,
      userId,
      provider,
      issuer,
      subject,
      email,
      refreshToken,
      linkedAt: now,
      lastUsedAt: now,
      checkedAt: now,
      brokenAt: null,
    };
  }

  #usedAccount({ identity }: ProvedIdentity): (known: OauthAccount) => OauthAccount {
    const answer = { email: identity.email, refreshToken: this.#encrypted(identity) };
    const now = this.#deps.clock.now();
    return (known) => signedInThrough(known, answer, now);
  }

  /** Without keys it is dropped. */
  #encrypted({ refreshToken }: OauthIdentity): string | null {
    const { cipher } = this.#deps;
    return refreshToken === null || !cipher.isConfigured ? null : cipher.encrypt(refreshToken);
  }
}
