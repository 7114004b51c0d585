/** Lets somebody make an account of their own, where registration is open. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { userFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { checkNames } from '#domain/identity/names.ts';
import { checkPassword } from '#domain/identity/password-policy.ts';
import { DEFAULT_ROLE } from '#domain/identity/permissions.ts';
import { newUser, type User } from '#domain/identity/user.ts';
import type { Origin } from '#domain/shared/actor.ts';
import type { CommonPasswords, PasswordHasher, PasswordHashes, Users } from '../ports.ts';

/** Whether strangers may make accounts. */
export type Registration = 'open' | 'closed';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: Users; passwordHashes: PasswordHashes; audit: AuditLog }>;
  registration: Registration;
  hasher: PasswordHasher;
  commonPasswords: CommonPasswords;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export type RegisterInput = Readonly<{
  email: string;
  username: string | null;
  displayName: string;
  password: string;
  origin: Origin;
  /** What counts as one address; null where none is known. */
  address: string | null;
}>;

export class Register {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 `registration_closed`; 400 `password_rejected`, `username_invalid`, `display_name_invalid`; 409
   * `email_taken`, `username_taken`; 503 `hashing_busy`.
   */
  async execute(input: RegisterInput): Promise<User> {
    const { unitOfWork, registration, hasher, commonPasswords, audit } = this.#deps;
    if (registration !== 'open') throw identityErrors.registrationClosed();
    checkNames(input);
    checkPassword(input.password, input.email, await commonPasswords.include(input.password));
    const user = this.#userOf(input);
    const hash = await hasher.hash(input.password, { party: input.address });
    const entry = audit.anonymous(input.origin, {
      action: 'users.register',
      subject: `user:${user.id}`,
      after: userFacts(user),
    });
    await unitOfWork.run(async (repos) => {
      await repos.users.add(user);
      await repos.passwordHashes.save(user.id, hash);
      await repos.audit.add(entry);
    });
    return user;
  }

  #userOf({ email, username, displayName }: RegisterInput): User {
    const { ids, clock } = this.#deps;
    return newUser({ id: ids.next('user'), email, username, displayName, roles: [DEFAULT_ROLE] }, clock.now());
  }
}
