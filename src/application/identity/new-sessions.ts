/** Begins the session of somebody who has proved who he is. */
import { beginSession, type Session, type SessionLimits } from '#domain/identity/session.ts';
import type { User } from '#domain/identity/user.ts';
import type { Clock } from '../shared/clock.ts';
import type { Ids } from '../shared/ids.ts';
import type { Secrets, Sessions } from './ports.ts';

type Deps = Readonly<{ sessions: Sessions; secrets: Secrets; clock: Clock; ids: Ids; limits: SessionLimits }>;

/** Where a session begins; the session of `presentedSecret`, which the request came with, ends. */
export type NewSessionInput = Readonly<{ ip: string | null; userAgent: string | null; presentedSecret: string | null }>;

/** `secret` appears here and nowhere else. */
export type SignedIn = Readonly<{ user: User; session: Session; secret: string }>;

export class NewSessions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** In the epoch of `user` as he was read: a session that begins while all of his end is among those that end. */
  async begin(user: User, { ip, userAgent, presentedSecret }: NewSessionInput): Promise<SignedIn> {
    const { sessions, secrets, clock, ids, limits } = this.#deps;
    const secret = secrets.next();
    const [id, digest] = [ids.next('session'), secrets.digest(secret)];
    const begun = { id, digest, userId: user.id, epoch: user.sessionEpoch, ip, userAgent };
    const session = beginSession(begun, clock.now(), limits);
    await sessions.begin(session, limits.perUser);
    if (presentedSecret !== null) await sessions.end(secrets.digest(presentedSecret));
    return { user, session, secret };
  }
}
