/** Changes a user's names, or whether they may come in at all. */

import { type AuditEntries, type AuditLog, changedFacts } from '#application/shared/audit-log.ts';
import type { Precondition } from '#application/shared/precondition.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { changedUserFacts } from '#domain/identity/audit-facts.ts';
import { checkNames } from '#domain/identity/names.ts';
import { normalizeEmail, type User } from '#domain/identity/user.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { endTokens, tokensEnded } from '../api-tokens/api-token-access.ts';
import type { ApiTokens, RoleReads, Users } from '../ports.ts';
import type { SessionRevoker } from '../sessions/session-revoker.ts';
import { checkAdminRemains, editableUser } from '../user-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: Users; roles: RoleReads; apiTokens: ApiTokens; audit: AuditLog }>;
  sessionRevoker: Pick<SessionRevoker, 'revokeAll'>;
  audit: AuditEntries;
}>;

/** What is left out stays as it is. */
export type UserChange = Readonly<Partial<Pick<User, 'email' | 'username' | 'displayName' | 'status'>>>;

export class ChangeUser {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Disabling ends all sessions and tokens, at once and for good. Throws 403 without `users.write`, or
   * `edit_exceeds_own`; 404 `user_not_found`; 400 `username_invalid`, `display_name_invalid`; 409 `email_taken`,
   * `username_taken`, `last_admin`; what `precondition` throws.
   */
  async execute(actor: UserActor, id: UserId, change: UserChange, precondition: Precondition<User>): Promise<User> {
    requirePermission(actor, 'users.write');
    const { unitOfWork, sessionRevoker, audit } = this.#deps;
    const entry = audit.by(actor, { action: 'users.update', subject: `user:${id}` });
    const tokensEntry = audit.by(actor, tokensEnded(id));
    const user = await unitOfWork.run(async (repos) => {
      const before = await editableUser(repos, actor, id);
      precondition(before);
      const after = changed(before, change);
      checkNames(after, before);
      const compared = changedUserFacts(before, after);
      const facts = changedFacts(compared.before, compared.after);
      if (facts === null) return before;
      await checkAdminRemains(repos.users, before, after);
      await repos.users.save(after);
      await repos.audit.add({ ...entry, ...facts });
      // Enabling does too: whoever was disabled by an earlier version still has theirs.
      if (after.status !== before.status) await endTokens(repos, id, tokensEntry);
      return after;
    });
    // Also where they were disabled before: whoever could not end their sessions then may try again.
    if (user.status === 'disabled') await sessionRevoker.revokeAll(user);
    return user;
  }
}

/**
 * A user who is disabled begins a new epoch: no session of the old one is theirs any more, even when they are enabled
 * again.
 */
function changed(user: User, change: UserChange): User {
  const ends = user.status === 'active' && change.status === 'disabled';
  return {
    ...user,
    ...change,
    email: normalizeEmail(change.email ?? user.email),
    sessionEpoch: user.sessionEpoch + (ends ? 1 : 0),
  };
}
