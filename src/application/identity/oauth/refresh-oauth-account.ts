/** Uses the grant that came with a linked account, and notices when the provider has taken it back. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Cipher } from '#application/shared/cipher.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { KeyedMutex } from '#application/shared/keyed-mutex.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { auditedOauthAccount, broken, type OauthAccount, refreshed } from '#domain/identity/oauth-account.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { OauthAccountId } from '#domain/shared/ids.ts';
import type { OauthAccounts, OauthProviders, RefreshOutcome } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{ oauthAccounts: Pick<OauthAccounts, 'find'> }>;
  unitOfWork: UnitOfWork<{ oauthAccounts: OauthAccounts; audit: AuditLog }>;
  providers: OauthProviders;
  cipher: Cipher;
  mutex: KeyedMutex;
  audit: AuditEntries;
  clock: Clock;
}>;

/** `nothing`: there is no grant to use. */
export type RefreshedOauthAccount = Readonly<{ did: 'refreshed' | 'broken' | 'nothing'; account: OauthAccount }>;

export class RefreshOauthAccount {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * One at a time per account, because a provider may take a refresh token once. Throws 404 `oauth_account_not_found`
   * for another's too; 401 `oauth_failed` and 503 `oauth_provider_unavailable` with nothing changed.
   */
  execute(actor: UserActor, { id }: Readonly<{ id: OauthAccountId }>): Promise<RefreshedOauthAccount> {
    return this.#deps.mutex.run(id, () => this.#refresh(actor, id));
  }

  async #refresh(actor: UserActor, id: OauthAccountId): Promise<RefreshedOauthAccount> {
    const { reads, providers, cipher } = this.#deps;
    const account = await reads.oauthAccounts.find(id);
    if (account === undefined || account.userId !== actor.userId) throw identityErrors.oauthAccountNotFound();
    if (account.refreshToken === null || !cipher.isConfigured) return { did: 'nothing', account };
    const outcome = await providers.refresh(account.provider, cipher.decrypt(account.refreshToken));
    const changed = this.#changed(account, outcome);
    return {
      did: outcome.did === 'refreshed' ? 'refreshed' : 'broken',
      account: await this.#save(actor, account, changed),
    };
  }

  #changed(account: OauthAccount, outcome: RefreshOutcome): OauthAccount {
    const now = this.#deps.clock.now();
    if (outcome.did === 'invalid_grant') return broken(account, now);
    const { refreshToken } = outcome;
    return refreshed(account, refreshToken === null ? null : this.#deps.cipher.encrypt(refreshToken), now);
  }

  /** Only where the account still has the token that was used: a sign-in meanwhile brought a better one. */
  #save(actor: UserActor, before: OauthAccount, after: OauthAccount): Promise<OauthAccount> {
    const entry = this.#deps.audit.by(actor, {
      action: after.brokenAt === null ? 'oauth_accounts.refresh' : 'oauth_accounts.break',
      subject: `oauth_account:${before.id}`,
      before: auditedOauthAccount(before),
      after: auditedOauthAccount(after),
    });
    return this.#deps.unitOfWork.run(async ({ oauthAccounts, audit }) => {
      const stored = await oauthAccounts.find(before.id);
      if (stored === undefined) throw identityErrors.oauthAccountNotFound();
      if (stored.refreshToken !== before.refreshToken) return stored;
      await oauthAccounts.save(after);
      await audit.add(entry);
      return after;
    });
  }
}
