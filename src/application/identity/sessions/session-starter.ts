/** Begins the session of somebody who has proved who they are. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { beginSession, type Session, type SessionLimits } from '#domain/identity/session.ts';
import type { User } from '#domain/identity/user.ts';
import type { Origin } from '#domain/shared/actor.ts';
import type { OauthAccountId } from '#domain/shared/ids.ts';
import type { Secrets, Sessions } from '../ports.ts';

type Deps = Readonly<{
  sessions: Sessions;
  unitOfWork: UnitOfWork<{ audit: AuditLog }>;
  audit: AuditEntries;
  secrets: Secrets;
  clock: Clock;
  ids: Ids;
  limits: SessionLimits;
}>;

export type StartSessionInput = Readonly<{
  origin: Origin;
  userAgent: string | null;
  /** Of the session that the request came with; that one ends. */
  presentedSecret: string | null;
  /** What the user has proved themselves with: `password`, or the provider's name. */
  through: string;
  /** The linked account that proved it; null for a password. */
  oauthAccountId: OauthAccountId | null;
}>;

/** `secret` appears here and nowhere else. */
export type SignedIn = Readonly<{ user: User; session: Session; secret: string }>;

export class SessionStarter {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** In the epoch of `user` as read: a session that begins while all of theirs end is among those that end. */
  async start(user: User, input: StartSessionInput): Promise<SignedIn> {
    const { origin, userAgent, presentedSecret, through, oauthAccountId } = input;
    const { sessions, secrets, clock, ids, limits } = this.#deps;
    const secret = secrets.next();
    const [id, digest] = [ids.next('session'), secrets.digest(secret)];
    const begun = { id, digest, userId: user.id, epoch: user.sessionEpoch, ip: origin.ip, userAgent, oauthAccountId };
    const session = beginSession(begun, clock.now(), limits);
    // First: nobody is let in of whom the audit does not know.
    await this.#tellAudit(session, origin, through);
    await sessions.begin(session, limits.perUser);
    if (presentedSecret !== null) await sessions.end(secrets.digest(presentedSecret));
    return { user, session, secret };
  }

  #tellAudit({ id, userId }: Session, origin: Origin, through: string): Promise<void> {
    const { unitOfWork, audit } = this.#deps;
    // Who is only just beginning a session may do nothing yet.
    const actor = {
      kind: 'user',
      userId,
      permissions: [],
      workspaces: [],
      sessionId: id,
      tokenId: null,
      origin,
    } as const;
    const after = { session_id: id, through };
    const entry = audit.by(actor, { action: 'users.sign_in', subject: `user:${userId}`, after });
    return unitOfWork.run((repos) => repos.audit.add(entry));
  }
}
