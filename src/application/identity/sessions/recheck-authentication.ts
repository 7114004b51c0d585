/** Finds out whether somebody who is let in for longer than a request still is. */
import type { Clock } from '#application/shared/clock.ts';
import { isUsable } from '#domain/identity/api-token.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ApiTokenLookup } from '../api-tokens/api-token-lookup.ts';
import { type Authentication, authenticationBySession, authenticationByToken } from '../authentication.ts';
import type { Sessions } from '../ports.ts';
import type { Principals } from '../roles/principals.ts';

type Deps = Readonly<{
  sessions: Pick<Sessions, 'find'>;
  tokens: Pick<ApiTokenLookup, 'find'>;
  principals: Principals;
  clock: Clock;
}>;

export class RecheckAuthentication {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The actor with the rights of now; null where session or token are over, or their user is not active. It counts as
   * no use: who only listens keeps no session alive. Throws 503 where that cannot be looked up.
   */
  async execute(known: Authentication): Promise<UserActor | null> {
    const found = await this.#find(known);
    return found?.actor ?? null;
  }

  async #find({ actor: { userId, origin }, credential }: Authentication): Promise<Authentication | null> {
    const { sessions, tokens, principals, clock } = this.#deps;
    const now = clock.now();
    if (credential.session !== null) {
      const session = await sessions.find(credential.session.digest, now);
      return session === undefined
        ? null
        : authenticationBySession(session, await principals.findActive(userId), origin);
    }
    const token = credential.token === null ? undefined : await tokens.find(credential.token.digest);
    if (token === undefined || !isUsable(token, now)) return null;
    return authenticationByToken(token, await principals.findActive(userId), origin);
  }
}
