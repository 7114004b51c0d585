/** Makes a link by which a user sets a first or a new password. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { PasswordLinks, Roles, Users } from '../ports.ts';
import { editableUser } from '../user-access.ts';
import type { NewPasswordLink, PasswordLinkCodes } from './password-link-codes.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: Users; roles: Roles; passwordLinks: PasswordLinks; audit: AuditLog }>;
  codes: PasswordLinkCodes;
  audit: AuditEntries;
}>;

export class MakePasswordLink {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Earlier links of the user end. Throws 403 without `users.write`, or where the user holds what the actor lacks;
   * 404 `user_not_found`.
   */
  async execute(actor: UserActor, userId: UserId): Promise<NewPasswordLink> {
    requirePermission(actor, 'users.write');
    const { unitOfWork, codes, audit } = this.#deps;
    const made = codes.next(userId);
    const entry = audit.by(actor, { action: 'users.password_link', subject: `user:${userId}` });
    await unitOfWork.run(async (repos) => {
      await editableUser(repos, actor, userId);
      await repos.passwordLinks.endByUser(userId, made.link.createdAt);
      await repos.passwordLinks.add(made.link);
      await repos.audit.add(entry);
    });
    return made;
  }
}
