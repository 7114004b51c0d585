/** Unlinks an account, unless it is the last way in. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { oauthAccountFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { checkUnlink } from '#domain/identity/oauth-account.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { OauthAccountId } from '#domain/shared/ids.ts';
import type { PasswordHashes } from '../ports.ts';
import type { OauthAccounts, OauthProviders } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ oauthAccounts: OauthAccounts; passwordHashes: PasswordHashes; audit: AuditLog }>;
  providers: OauthProviders;
  audit: AuditEntries;
}>;

export class UnlinkOauthAccount {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 404 `oauth_account_not_found` for another's too; 409 `last_sign_in`, two at once included. An account of a
   * provider that is no longer configured is no way in.
   */
  async execute(actor: UserActor, { id }: Readonly<{ id: OauthAccountId }>): Promise<void> {
    const { unitOfWork, providers, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'oauth_accounts.unlink', subject: `oauth_account:${id}` });
    await unitOfWork.run(async (repos) => {
      const linked = await repos.oauthAccounts.listByUser(actor.userId);
      const account = linked.find((one) => one.id === id);
      if (account === undefined) throw identityErrors.oauthAccountNotFound();
      const hasPassword = (await repos.passwordHashes.find(actor.userId)) !== undefined;
      checkUnlink({ hasPassword, accounts: linked.filter((one) => one.id !== id && providers.serves(one.issuer)) });
      await repos.oauthAccounts.remove(id);
      await repos.audit.add({ ...entry, before: oauthAccountFacts(account) });
    });
  }
}
