/** Changes what a user is called, by themselves. */

import { type AuditEntries, type AuditLog, changedFacts } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { changedUserFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { checkNames } from '#domain/identity/names.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { Users } from '../ports.ts';
import { getUser } from '../user-access.ts';

type Deps = Readonly<{ unitOfWork: UnitOfWork<{ users: Users; audit: AuditLog }>; audit: AuditEntries }>;

/** What is left out stays as it is. */
export type OwnNames = Readonly<Partial<Pick<User, 'username' | 'displayName'>>>;

export class ChangeOwnNames {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 `session_required` where the actor came by a token; 400 `username_invalid`, `display_name_invalid`; 409
   * `username_taken`.
   */
  async execute(actor: UserActor, names: OwnNames): Promise<User> {
    if (actor.sessionId === null) throw identityErrors.sessionRequired();
    const { unitOfWork, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'users.update', subject: `user:${actor.userId}` });
    return unitOfWork.run(async (repos) => {
      const before = await getUser(repos.users, actor.userId);
      const after = { ...before, ...names };
      checkNames(after, before);
      const compared = changedUserFacts(before, after);
      const facts = changedFacts(compared.before, compared.after);
      if (facts === null) return before;
      await repos.users.save(after);
      await repos.audit.add({ ...entry, ...facts });
      return after;
    });
  }
}
