/** Lists the accounts through which an actor can sign in. */
import { type Page, type PageRequest, pageOfAll } from '#application/shared/page.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { OauthAccountId } from '#domain/shared/ids.ts';
import type { OauthAccounts } from './ports.ts';

/** Where a list of linked accounts goes on: after the account with this time of linking and id. */
export type OauthAccountCursor = Readonly<{ at: Date; id: OauthAccountId }>;

type Deps = Readonly<{ reads: Readonly<{ oauthAccounts: Pick<OauthAccounts, 'listByUser'> }> }>;

export class ListOauthAccounts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** A page of the actor's own, the first linked first. */
  async execute(
    actor: UserActor,
    page: PageRequest<OauthAccountCursor>,
  ): Promise<Page<OauthAccount, OauthAccountCursor>> {
    const linked = await this.#deps.reads.oauthAccounts.listByUser(actor.userId);
    return pageOfAll(linked, page, ({ linkedAt, id }) => ({ at: linkedAt, id }), isLater);
  }
}

function isLater(account: OauthAccountCursor, cursor: OauthAccountCursor): boolean {
  const later = account.at.getTime() - cursor.at.getTime();
  return later === 0 ? account.id > cursor.id : later > 0;
}
