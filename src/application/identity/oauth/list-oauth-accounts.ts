/** Lists the accounts through which an actor can sign in. */
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { OauthAccounts } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ oauthAccounts: Pick<OauthAccounts, 'listByUser'> }> }>;

export class ListOauthAccounts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The actor's own, the first linked first. */
  execute(actor: UserActor): Promise<readonly OauthAccount[]> {
    return this.#deps.reads.oauthAccounts.listByUser(actor.userId);
  }
}
