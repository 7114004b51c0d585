/** Logs a user out everywhere. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { withSessionsEnded } from '#domain/identity/user.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { endTokens, tokensEnded } from '../api-tokens/api-token-access.ts';
import type { ApiTokens, Users } from '../ports.ts';
import { getUser } from '../user-access.ts';
import type { SessionRevoker } from './session-revoker.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: Users; apiTokens: ApiTokens; audit: AuditLog }>;
  sessionRevoker: SessionRevoker;
  audit: AuditEntries;
}>;

export class EndAllSessions {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Ends all sessions of a user, those included that are just beginning, and with `tokens` their API tokens too;
   * answers how many sessions were live.
   * Throws 403 without `sessions.revoke` where they are another user's; 404 `user_not_found`.
   */
  async execute(actor: UserActor, userId: UserId, { tokens }: Readonly<{ tokens: boolean }>): Promise<number> {
    if (userId !== actor.userId) requirePermission(actor, 'sessions.revoke');
    const entry = this.#deps.audit.by(actor, { action: 'sessions.end_all', subject: `user:${userId}` });
    const tokensEntry = this.#deps.audit.by(actor, tokensEnded(userId));
    const user = await this.#deps.unitOfWork.run(async (repos) => {
      const ended = withSessionsEnded(await getUser(repos.users, userId));
      await repos.users.save(ended);
      await repos.audit.add(entry);
      if (tokens) await endTokens(repos, userId, tokensEntry);
      return ended;
    });
    return this.#deps.sessionRevoker.revokeAll(user);
  }
}
