/** Finds out who is asking, from whatever credential a request presents. */
import type { Origin } from '#domain/shared/actor.ts';
import type { AuthenticateApiToken } from '../api-tokens/authenticate-api-token.ts';
import type { Authentication } from '../authentication.ts';
import type { AuthenticateSession } from './authenticate-session.ts';

/** The secrets that a request carries; null for each that it lacks. */
export type PresentedCredentials = Readonly<{ sessionSecret: string | null; bearer: string | null }>;

type Deps = Readonly<{
  bySession: Pick<AuthenticateSession, 'execute'>;
  byApiToken: Pick<AuthenticateApiToken, 'execute'>;
}>;

export class Authenticate {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** A token wins over a session, even where the token stands for nobody. Null where nobody is found. */
  async execute({ sessionSecret, bearer }: PresentedCredentials, origin: Origin): Promise<Authentication | null> {
    if (bearer !== null) return this.#deps.byApiToken.execute(bearer, origin);
    return sessionSecret === null ? null : this.#deps.bySession.execute(sessionSecret, origin);
  }
}
