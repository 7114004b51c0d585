/** Lists an actor's own sessions. */

import type { Clock } from '#application/shared/clock.ts';
import type { Session } from '#domain/identity/session.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { Sessions } from '../ports.ts';
import type { Principals } from '../roles/principals.ts';

type Deps = Readonly<{ sessions: Sessions; principals: Principals; clock: Clock }>;

export class ListSessions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The newest first; a session of an earlier epoch is over, whatever the store still holds. */
  async execute(actor: UserActor): Promise<readonly Session[]> {
    const { sessions, principals, clock } = this.#deps;
    const { user } = await principals.get(actor.userId);
    const listed = await sessions.listByUser(actor.userId, clock.now());
    return listed.filter((session) => session.epoch === user.sessionEpoch);
  }
}
