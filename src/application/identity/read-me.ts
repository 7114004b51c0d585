/** Tells an actor who he is. */
import type { Principal } from '#domain/identity/principal.ts';
import type { Session } from '#domain/identity/session.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Clock } from '../shared/clock.ts';
import type { Secrets, Sessions } from './ports.ts';
import type { Principals } from './principals.ts';

type Deps = Readonly<{ principals: Principals; sessions: Sessions; secrets: Secrets; clock: Clock }>;

export class ReadMe {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** `session` is the one that the secret belongs to; null without one. */
  async execute(actor: Actor, secret: string | null): Promise<Principal & { session: Session | null }> {
    const { principals, sessions, secrets, clock } = this.#deps;
    const session = secret === null ? undefined : await sessions.find(secrets.digest(secret), clock.now());
    return { ...(await principals.get(actor.userId)), session: session ?? null };
  }
}
