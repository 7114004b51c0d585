/** Revokes all API tokens of a user, for an admin. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { ApiTokens, UserReads } from '../ports.ts';
import { getUser } from '../user-access.ts';
import { endTokens, tokensEnded } from './api-token-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: UserReads; apiTokens: ApiTokens; audit: AuditLog }>;
  audit: AuditEntries;
}>;

export class EndApiTokens {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Their sessions go on. Throws 403 without `sessions.revoke`; 404 `user_not_found`. */
  async execute(actor: UserActor, userId: UserId): Promise<void> {
    requirePermission(actor, 'sessions.revoke');
    const entry = this.#deps.audit.by(actor, tokensEnded(userId));
    await this.#deps.unitOfWork.run(async (repos) => {
      await getUser(repos.users, userId);
      await endTokens(repos, userId, entry);
    });
  }
}
