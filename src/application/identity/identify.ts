/** Finds out who is asking, from the secret that a session's cookie carries. */

import type { Principal } from '#domain/identity/principal.ts';
import { needsTouch, type Session, type SessionLimits, touched } from '#domain/identity/session.ts';
import type { Actor, Origin } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { Clock } from '../shared/clock.ts';
import type { Secrets, Sessions } from './ports.ts';
import type { Principals } from './principals.ts';

type Deps = Readonly<{
  sessions: Sessions;
  secrets: Secrets;
  principals: Principals;
  clock: Clock;
  limits: SessionLimits;
}>;

export class Identify {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The actor behind a secret; null where it is nobody's, or no longer. Using a session keeps it alive. */
  async execute(secret: string, origin: Origin): Promise<Actor | null> {
    const { sessions, secrets, clock, limits } = this.#deps;
    const now = clock.now();
    const session = await sessions.find(secrets.digest(secret), now);
    if (session === undefined) return null;
    const principal = await this.#principalOf(session);
    if (principal === null) return null;
    if (needsTouch(session, now, limits)) await sessions.touch(touched(session, now, limits));
    const permissions = new Set(principal.permissions);
    return { userId: principal.user.id, permissions, sessionId: session.id, tokenId: null, origin };
  }

  /** Null where the user is gone, disabled, or has ended all sessions of this one's epoch. */
  async #principalOf(session: Session): Promise<Principal | null> {
    try {
      const principal = await this.#deps.principals.get(session.userId);
      const { status, sessionEpoch } = principal.user;
      return status === 'active' && sessionEpoch === session.epoch ? principal : null;
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return null;
      throw error;
    }
  }
}
