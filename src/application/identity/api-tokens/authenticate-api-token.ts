/** Finds out who is asking, from the API token that a program presents. */

import type { Clock } from '#application/shared/clock.ts';
import { isUsable } from '#domain/identity/api-token.ts';
import type { Origin } from '#domain/shared/actor.ts';
import { type Authentication, authenticationByToken } from '../authentication.ts';
import type { ApiTokenSecrets, TokenUseLog } from '../ports.ts';
import type { Principals } from '../roles/principals.ts';
import type { ApiTokenLookup } from './api-token-lookup.ts';

type Deps = Readonly<{
  lookup: ApiTokenLookup;
  tokenSecrets: ApiTokenSecrets;
  tokenUses: TokenUseLog;
  principals: Principals;
  clock: Clock;
}>;

export class AuthenticateApiToken {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The actor behind a token, with those scopes that its owner still holds; null where it is nobody's, or no longer.
   */
  async execute(presented: string, origin: Origin): Promise<Authentication | null> {
    const { lookup, tokenSecrets, tokenUses, principals, clock } = this.#deps;
    const digest = tokenSecrets.digest(presented);
    if (digest === null) return null;
    const now = clock.now();
    const token = await lookup.find(digest);
    if (token === undefined || !isUsable(token, now)) return null;
    const authentication = authenticationByToken(token, await principals.findActive(token.userId), origin);
    if (authentication !== null) tokenUses.record(token.id, now);
    return authentication;
  }
}
