/** Lists an actor's own API tokens, without their secrets. */
import type { Page, PageRequest } from '#application/shared/page.ts';
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ApiTokenCursor, ApiTokenReads, TokenUseLog } from '../ports.ts';

type Deps = Readonly<{ reads: Readonly<{ apiTokens: ApiTokenReads }>; tokenUses: TokenUseLog }>;

export class ListApiTokens {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** A page, also of ended ones, the newest first; uses are counted up to this moment. */
  async execute(actor: UserActor, page: PageRequest<ApiTokenCursor>): Promise<Page<ApiToken, ApiTokenCursor>> {
    await this.#deps.tokenUses.flush();
    return this.#deps.reads.apiTokens.listByUser(actor.userId, page);
  }
}
