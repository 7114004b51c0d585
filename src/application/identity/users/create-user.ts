/** Creates a user with roles, and a password or a link to set one. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { IdempotencyKeys, ToStoredResponse } from '#application/shared/idempotency.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkGrant } from '#domain/identity/administration.ts';
import { userFacts } from '#domain/identity/audit-facts.ts';
import { checkNames } from '#domain/identity/names.ts';
import { checkPassword } from '#domain/identity/password-policy.ts';
import { DEFAULT_ROLE } from '#domain/identity/permissions.ts';
import { newUser, type User } from '#domain/identity/user.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { NewPasswordLink, PasswordLinkCodes } from '../passwords/password-link-codes.ts';
import type { CommonPasswords, PasswordHasher, PasswordHashes, PasswordLinks, Roles, Users } from '../ports.ts';
import { getRole } from '../user-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    users: Users;
    roles: Roles;
    passwordHashes: PasswordHashes;
    passwordLinks: PasswordLinks;
    audit: AuditLog;
    idempotency: IdempotencyKeys;
  }>;
  hasher: PasswordHasher;
  commonPasswords: CommonPasswords;
  codes: PasswordLinkCodes;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export type CreateUserInput = Readonly<{
  email: string;
  username: string | null;
  displayName: string;
  /** Null: the user sets one by a link. */
  password: string | null;
  /** Names of roles; the default role where absent. */
  roles?: readonly string[];
}>;

/** `passwordLink` is null where the user was given a password. */
export type CreatedUser = Readonly<{ user: User; passwordLink: NewPasswordLink | null }>;

export class CreateUser {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 without `users.write`, without `roles.assign` where roles other than the default are given, or where a
   * role holds what the actor lacks; 404 `role_not_found`; 409 `email_taken`, `username_taken`; 400
   * `password_rejected`, `username_invalid`, `display_name_invalid`.
   */
  async execute(
    actor: UserActor,
    input: CreateUserInput,
    toStoredResponse?: ToStoredResponse<User>,
  ): Promise<CreatedUser> {
    requirePermission(actor, 'users.write');
    const roles = [...new Set(input.roles ?? [DEFAULT_ROLE])].toSorted();
    if (roles.some((role) => role !== DEFAULT_ROLE)) requirePermission(actor, 'roles.assign');
    checkNames(input);
    const user = this.#userOf(input, roles);
    const hash = input.password === null ? null : await this.#hash(input.password, user.email);
    const passwordLink = hash === null ? this.#deps.codes.next(user.id) : null;
    const entry = this.#deps.audit.by(actor, {
      action: 'users.create',
      subject: `user:${user.id}`,
      after: userFacts(user),
    });
    await this.#deps.unitOfWork.run(async (repos) => {
      for (const name of roles) checkGrant(actor, (await getRole(repos.roles, name)).permissions);
      await repos.users.add(user);
      if (hash !== null) await repos.passwordHashes.save(user.id, hash);
      if (passwordLink !== null) await repos.passwordLinks.add(passwordLink.link);
      await repos.audit.add(entry);
      if (toStoredResponse !== undefined) await repos.idempotency.add(toStoredResponse(user));
    });
    return { user, passwordLink };
  }

  async #hash(password: string, email: string): Promise<string> {
    checkPassword(password, email, await this.#deps.commonPasswords.include(password));
    return this.#deps.hasher.hash(password);
  }

  #userOf(input: CreateUserInput, roles: readonly string[]): User {
    const { email, username, displayName } = input;
    const { ids, clock } = this.#deps;
    return newUser({ id: ids.next('user'), email, username, displayName, roles }, clock.now());
  }
}
