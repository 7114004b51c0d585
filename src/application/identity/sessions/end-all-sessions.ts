/** Logs a user out everywhere. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { withSessionsEnded } from '#domain/identity/user.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Users } from '../ports.ts';
import { getUser } from '../user-access.ts';
import type { SessionRevoker } from './session-revoker.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: Users; audit: AuditLog }>;
  sessionRevoker: SessionRevoker;
  audit: AuditEntries;
}>;

export class EndAllSessions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Ends all sessions of a user, those included that are just beginning; answers how many were live.
   * Throws 403 without `sessions.revoke` where they are another user's; 404 `user_not_found`.
   */
  async execute(actor: UserActor, userId: UserId): Promise<number> {
    if (userId !== actor.userId) requirePermission(actor, 'sessions.revoke');
    const entry = this.#deps.audit.by(actor, { action: 'sessions.end_all', subject: `user:${userId}` });
    const user = await this.#deps.unitOfWork.run(async ({ users, audit }) => {
      const ended = withSessionsEnded(await getUser(users, userId));
      await users.save(ended);
      await audit.add(entry);
      return ended;
    });
    return this.#deps.sessionRevoker.revokeAll(user);
  }
}
