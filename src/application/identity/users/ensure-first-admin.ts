/** Makes the first admin of a new Tavernkeep. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { userFacts } from '#domain/identity/audit-facts.ts';
import { checkPassword } from '#domain/identity/password-policy.ts';
import { ADMIN_ROLE } from '#domain/identity/permissions.ts';
import { newUser } from '#domain/identity/user.ts';
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

export class EnsureFirstAdmin {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Does nothing where an active admin exists. A password that is given must pass the policy; without one, one is
   * generated and given to `show` before anything is committed, because an admin whose password nobody knows would lock
   * everybody out. What is shown where the commit then fails opens nothing.
   */
  async execute(email: string, given: string | null, show: (login: string, password: string) => void): Promise<void> {
    if (await this.#exists()) return;
    if (given !== null) checkPassword(given, email, await this.#deps.commonPasswords.include(given));
    const password = given ?? this.#deps.secrets.next().slice(0, 24);
    const hash = await this.#deps.hasher.hash(password);
    const { ids, clock } = this.#deps;
    const user = newUser(
      { id: ids.next('user'), email, username: null, displayName: 'Admin', roles: [ADMIN_ROLE] },
      clock.now(),
    );
    const entry = this.#deps.audit.by(SYSTEM, {
      action: 'users.create',
      subject: `user:${user.id}`,
      after: userFacts(user),
    });
    if (given === null) show(user.email, password);
    await this.#deps.unitOfWork.run(async ({ users, passwordHashes, audit }) => {
      await users.add(user);
      await passwordHashes.save(user.id, hash);
      await audit.add(entry);
    });
  }

  #exists(): Promise<boolean> {
    return this.#deps.unitOfWork.run(async ({ users }) => (await users.countActiveWithRole(ADMIN_ROLE)) > 0);
  }
}
