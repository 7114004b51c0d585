/** Deletes a user: what is only his goes, what he said to others stays without his name. */
import { auditedUser } from '#domain/identity/user.ts';
import { type Actor, requirePermission } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { FormerAuthors, Threads } from '../conversations/ports.ts';
import type { Memberships } from '../games/ports.ts';
import type { Audit, AuditLog } from '../shared/audit-log.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { EndedSessions } from './ended-sessions.ts';
import { checkAdminRemains, editableUser } from './get-user.ts';
import type { RoleReads, Users } from './ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    users: Users;
    roles: RoleReads;
    memberships: Pick<Memberships, 'removeOf'>;
    threads: Pick<Threads, 'passOn'>;
    formerAuthors: Pick<FormerAuthors, 'add'>;
    audit: AuditLog;
  }>;
  endedSessions: Pick<EndedSessions, 'of'>;
  audit: Audit;
}>;

export class DeleteUser {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * His sessions and tokens end at once; his name is taken off his messages to others soon after (`ForgetAuthors`).
   * Throws 403 without `users.write`, or `edit_exceeds_own`; 404 `user_not_found`; 409 `last_admin`, `last_gm`.
   */
  async execute(actor: Actor, id: UserId): Promise<void> {
    requirePermission(actor, 'users.write');
    const { unitOfWork, endedSessions, audit } = this.#deps;
    const deleted = await unitOfWork.run(async (repos) => {
      const user = await editableUser(repos, actor, id);
      await checkAdminRemains(repos.users, user, null);
      await repos.memberships.removeOf(id);
      await repos.threads.passOn(id);
      await repos.users.remove(id);
      await repos.formerAuthors.add(id);
      const before = auditedUser(user);
      await repos.audit.add(audit.by(actor, { action: 'users.delete', subject: `user:${id}`, before }));
      return user;
    });
    await endedSessions.of(deleted);
  }
}
