/** Lists an actor's own sessions. */

import type { Clock } from '#application/shared/clock.ts';
import { type Page, type PageRequest, pageOfAll } from '#application/shared/page.ts';
import { isLive, type Session } from '#domain/identity/session.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SessionId } from '#domain/shared/ids.ts';
import type { Sessions } from '../ports.ts';
import type { Principals } from '../roles/principals.ts';

/** Where a list of sessions goes on: after the session with this beginning and id. */
export type SessionCursor = Readonly<{ at: Date; id: SessionId }>;

type Deps = Readonly<{ sessions: Sessions; principals: Principals; clock: Clock }>;

export class ListSessions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** A page, the newest first; what is over by its epoch or its times is not in it, whatever the store still holds. */
  async execute(actor: UserActor, page: PageRequest<SessionCursor>): Promise<Page<Session, SessionCursor>> {
    const { sessions, principals, clock } = this.#deps;
    const { user } = await principals.get(actor.userId);
    const now = clock.now();
    const listed = await sessions.listByUser(actor.userId, now);
    const live = listed.filter((session) => session.epoch === user.sessionEpoch && isLive(session, now));
    return pageOfAll(live, page, ({ createdAt, id }) => ({ at: createdAt, id }), isOlder);
  }
}

function isOlder(session: SessionCursor, cursor: SessionCursor): boolean {
  const later = session.at.getTime() - cursor.at.getTime();
  return later === 0 ? session.id < cursor.id : later < 0;
}
