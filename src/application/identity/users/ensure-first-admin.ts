/** Makes the first admin of a new Tavernkeep. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkPassword } from '#domain/identity/password-policy.ts';
import { ADMIN_ROLE } from '#domain/identity/permissions.ts';
import { auditedUser, newUser } from '#domain/identity/user.ts';
import { SYSTEM } from '#domain/shared/actor.ts';
import type { CommonPasswords, PasswordHasher, PasswordHashes, Secrets, Users } from '../ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: Users; passwordHashes: PasswordHashes; audit: AuditLog }>;
  hasher: PasswordHasher;
  commonPasswords: CommonPasswords;
  secrets: Secrets;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

/** The admin that was made. `generatedPassword` is null where the caller chose it. */
export type FirstAdmin = Readonly<{ email: string; generatedPassword: string | null }>;

export class EnsureFirstAdmin {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Null, with nothing done, where an active admin exists. A password that is given must pass the policy. */
  async execute(email: string, password: string | null): Promise<FirstAdmin | null> {
    if (await this.#exists()) return null;
    if (password !== null) checkPassword(password, email, await this.#deps.commonPasswords.include(password));
    const generatedPassword = password === null ? this.#deps.secrets.next().slice(0, 24) : null;
    const hash = await this.#deps.hasher.hash(password ?? (generatedPassword as string));
    const { ids, clock } = this.#deps;
    const user = newUser(
      { id: ids.next('user'), email, username: null, displayName: 'Admin', roles: [ADMIN_ROLE] },
      clock.now(),
    );
    const entry = this.#deps.audit.by(SYSTEM, {
      action: 'users.create',
      subject: `user:${user.id}`,
      after: auditedUser(user),
    });
    await this.#deps.unitOfWork.run(async ({ users, passwordHashes, audit }) => {
      await users.add(user);
      await passwordHashes.save(user.id, hash);
      await audit.add(entry);
    });
    return { email: user.email, generatedPassword };
  }

  #exists(): Promise<boolean> {
    return this.#deps.unitOfWork.run(async ({ users }) => (await users.countActiveWithRole(ADMIN_ROLE)) > 0);
  }
}
