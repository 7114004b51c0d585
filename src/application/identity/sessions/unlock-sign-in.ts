/** Lets a user sign in at once, however often it has failed. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { RoleReads, Users } from '../ports.ts';
import { editableUser } from '../user-access.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: Users; roles: RoleReads; audit: AuditLog }>;
  attempts: SignInAttempts;
  audit: AuditEntries;
}>;

export class UnlockSignIn {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The delay of an address stays. Throws 403 without `users.write`, or `edit_exceeds_own`: the delay protects who
   * holds more than the actor from the actor, too. 404 `user_not_found`.
   */
  async execute(actor: UserActor, userId: UserId): Promise<void> {
    requirePermission(actor, 'users.write');
    const entry = this.#deps.audit.by(actor, { action: 'users.unlock', subject: `user:${userId}` });
    const user = await this.#deps.unitOfWork.run(async (repos) => {
      const found = await editableUser(repos, actor, userId);
      await repos.audit.add(entry);
      return found;
    });
    await this.#deps.attempts.unlock(user);
  }
}
