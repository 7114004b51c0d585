/** Finds out who is asking, from the API token that a program presents. */
import { type ApiToken, isUsable } from '#domain/identity/api-token.ts';
import type { Principal } from '#domain/identity/principal.ts';
import type { Actor, Origin } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { ApiTokenLookup } from './api-token-lookup.ts';
import type { ApiTokenSecrets, TokenUseLog } from './ports.ts';
import type { Principals } from './principals.ts';

type Deps = Readonly<{
  lookup: ApiTokenLookup;
  tokenSecrets: ApiTokenSecrets;
  tokenUses: TokenUseLog;
  principals: Principals;
  clock: Clock;
}>;

export class IdentifyToken {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The actor behind a token, with those scopes that its owner still holds; null where it is nobody's, or no longer. */
  async execute(presented: string, origin: Origin): Promise<Actor | null> {
    const { lookup, tokenSecrets, tokenUses, clock } = this.#deps;
    const digest = tokenSecrets.digest(presented);
    if (digest === null) return null;
    const now = clock.now();
    const token = await lookup.find(digest);
    if (token === undefined || !isUsable(token, now)) return null;
    const owner = await this.#ownerOf(token);
    if (owner === null) return null;
    tokenUses.note(token.id, now);
    const permissions = new Set(token.scopes.filter((scope) => owner.permissions.includes(scope)));
    return { userId: token.userId, permissions, sessionId: null, tokenId: token.id, origin };
  }

  /** Null where the owner is gone or disabled. */
  async #ownerOf(token: ApiToken): Promise<Principal | null> {
    try {
      const principal = await this.#deps.principals.get(token.userId);
      return principal.user.status === 'active' ? principal : null;
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return null;
      throw error;
    }
  }
}
