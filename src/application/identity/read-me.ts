/** Tells an actor who he is. */
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { Principal } from '#domain/identity/principal.ts';
import type { Session } from '#domain/identity/session.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { ApiTokenLookup } from './api-token-lookup.ts';
import type { ApiTokenSecrets, Secrets, Sessions } from './ports.ts';
import type { Principals } from './principals.ts';

type Deps = Readonly<{
  principals: Principals;
  sessions: Sessions;
  secrets: Secrets;
  lookup: ApiTokenLookup;
  tokenSecrets: ApiTokenSecrets;
  clock: Clock;
}>;

/** What the actor came with; one of them, or neither. */
export type Presented = Readonly<{ sessionSecret: string | null; bearer: string | null }>;

/** Through a token an actor may do less than his principal. */
export type Me = Principal & Readonly<{ session: Session | null; token: ApiToken | null }>;

export class ReadMe {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `session` and `token` are those that were presented; null without. */
  async execute(actor: Actor, presented: Presented): Promise<Me> {
    const principal = await this.#deps.principals.get(actor.userId);
    const permissions = principal.permissions.filter((permission) => actor.permissions.has(permission));
    const [session, token] = [await this.#session(presented.sessionSecret), await this.#token(presented.bearer)];
    return { user: principal.user, permissions, session, token };
  }

  async #session(secret: string | null): Promise<Session | null> {
    const { sessions, secrets, clock } = this.#deps;
    return secret === null ? null : ((await sessions.find(secrets.digest(secret), clock.now())) ?? null);
  }

  async #token(presented: string | null): Promise<ApiToken | null> {
    const digest = presented === null ? null : this.#deps.tokenSecrets.digest(presented);
    return digest === null ? null : ((await this.#deps.lookup.find(digest)) ?? null);
  }
}
