/** Finds out who is asking, from the secret that a session's cookie carries. */

import type { Clock } from '#application/shared/clock.ts';
import { needsTouch, type Session, type SessionLimits, touched } from '#domain/identity/session.ts';
import type { Origin } from '#domain/shared/actor.ts';
import { type Authentication, authenticationBySession } from '../authentication.ts';
import type { Secrets, Sessions } from '../ports.ts';
import type { Principals } from '../roles/principals.ts';

type Deps = Readonly<{
  sessions: Sessions;
  secrets: Secrets;
  principals: Principals;
  clock: Clock;
  limits: SessionLimits;
}>;

export class AuthenticateSession {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The actor behind a secret, and the session; null where it is nobody's, or no longer. Using a session keeps it
   * alive.
   */
  async execute(secret: string, origin: Origin): Promise<Authentication | null> {
    const { sessions, secrets, principals, clock } = this.#deps;
    const now = clock.now();
    const found = await sessions.find(secrets.digest(secret), now);
    if (found === undefined) return null;
    const authentication = authenticationBySession(found, await principals.findActive(found.userId), origin);
    if (authentication === null) return null;
    return { ...authentication, credential: { session: await this.#used(found, now), token: null } };
  }

  async #used(session: Session, now: Date): Promise<Session> {
    const { sessions, limits } = this.#deps;
    if (!needsTouch(session, now, limits)) return session;
    const used = touched(session, now, limits);
    await sessions.touch(used);
    return used;
  }
}
