/** Deletes a user: what is only theirs goes, what they said to others stays without their name. */

import type { Threads } from '#application/conversations/ports.ts';
import type { Memberships } from '#application/games/ports.ts';
import type { Jobs } from '#application/jobs/ports.ts';
import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { IdempotencyKeys } from '#application/shared/idempotency.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import type { WorkspaceMembers } from '#application/workspaces/ports.ts';
import { userFacts } from '#domain/identity/audit-facts.ts';
import type { NewJob } from '#domain/jobs/job.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { RoleReads, Users } from '../ports.ts';
import type { SessionRevoker } from '../sessions/session-revoker.ts';
import { checkAdminRemains, editableUser } from '../user-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    users: Users;
    roles: RoleReads;
    memberships: Pick<Memberships, 'removeByUser'>;
    workspaceMembers: Pick<WorkspaceMembers, 'removeByUser'>;
    threads: Pick<Threads, 'transferOwnership' | 'removePrivate'>;
    jobs: Pick<Jobs, 'add'>;
    idempotency: Pick<IdempotencyKeys, 'removeByUser'>;
    audit: AuditLog;
  }>;
  sessionRevoker: Pick<SessionRevoker, 'revokeAll'>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export class DeleteUser {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Their sessions and tokens end at once, and nobody sees their private threads any more; what was said there goes
   * soon after (`PurgeThreads`), as their name does from their messages to others, by a job (`AnonymizeAuthors`).
   * Throws 403 without `users.write`, or `edit_exceeds_own`; 404 `user_not_found`; 409 `last_admin`, `last_gm`,
   * `last_owner`.
   */
  async execute(actor: UserActor, id: UserId): Promise<void> {
    requirePermission(actor, 'users.write');
    const { unitOfWork, sessionRevoker, audit, clock } = this.#deps;
    const job = this.#anonymization(actor, id);
    const entry = audit.by(actor, { action: 'users.delete', subject: `user:${id}` });
    const deleted = await unitOfWork.run(async (repos) => {
      const user = await editableUser(repos, actor, id);
      await checkAdminRemains(repos.users, user, null);
      await repos.memberships.removeByUser(id);
      await repos.workspaceMembers.removeByUser(id);
      await repos.threads.transferOwnership(id);
      await repos.threads.removePrivate(id, clock.now());
      await repos.idempotency.removeByUser(id);
      await repos.jobs.add(job);
      await repos.users.remove(id);
      await repos.audit.add({ ...entry, before: userFacts(user) });
      return user;
    });
    await sessionRevoker.revokeAll(deleted);
  }

  #anonymization(actor: UserActor, id: UserId): NewJob {
    const { clock, ids } = this.#deps;
    const payload = { user_id: id };
    const [requestedBy, createdAt] = [actor.userId, clock.now()];
    return { id: ids.next('job'), kind: 'anonymize_messages', key: id, requestedBy, payload, createdAt };
  }
}
