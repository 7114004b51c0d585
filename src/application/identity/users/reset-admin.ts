/** Gives an admin who is locked out a new password, for the operator of the machine. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { changedUserFacts } from '#domain/identity/audit-facts.ts';
import { ADMIN_ROLE } from '#domain/identity/permissions.ts';
import type { User } from '#domain/identity/user.ts';
import { SYSTEM } from '#domain/shared/actor.ts';
import { endTokens, tokensEnded } from '../api-tokens/api-token-access.ts';
import { replacePassword } from '../passwords/replace-password.ts';
import type { ApiTokens, PasswordHasher, PasswordHashes, PasswordLinks, Secrets, Users } from '../ports.ts';
import { getUser } from '../user-access.ts';
import type { EnsureFirstAdmin } from './ensure-first-admin.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    users: Users;
    passwordHashes: PasswordHashes;
    passwordLinks: PasswordLinks;
    apiTokens: ApiTokens;
    audit: AuditLog;
  }>;
  ensureFirstAdmin: Pick<EnsureFirstAdmin, 'execute'>;
  hasher: PasswordHasher;
  secrets: Secrets;
  audit: AuditEntries;
  clock: Clock;
}>;

type Show = (login: string, password: string) => void;

/** `several`: nobody was named, and there are several active admins. `unknown`, `no_admin`: of who was named. */
export type ResetOutcome = 'done' | 'several' | 'unknown' | 'no_admin';

export class ResetAdmin {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Resets the admin with this e-mail address or username; null: the only active one. Where nobody is an active admin,
   * whoever is named, or has `email`, becomes one; a user who does not exist is made. A disabled admin who is named is
   * enabled. Their sessions, tokens and links end. The password is shown before it is in force, as the first admin's.
   */
  async execute(login: string | null, email: string, show: Show): Promise<ResetOutcome> {
    const admins = await this.#deps.unitOfWork.run(({ users }) =>
      users.list({ role: ADMIN_ROLE, status: 'active' }, { limit: 2 }),
    );
    const [only, ...others] = admins.items;
    if (login === null && others.length > 0) return 'several';
    const user = login === null && only !== undefined ? only : await this.#find(login ?? email);
    if (user === undefined) return only === undefined ? this.#make(login ?? email, show) : 'unknown';
    if (only !== undefined && !user.roles.includes(ADMIN_ROLE)) return 'no_admin';
    await this.#reset(user, show);
    return 'done';
  }

  #find(login: string): Promise<User | undefined> {
    return this.#deps.unitOfWork.run(({ users }) => users.findByLogin(login));
  }

  async #make(email: string, show: Show): Promise<ResetOutcome> {
    if (!email.includes('@')) return 'unknown';
    await this.#deps.ensureFirstAdmin.execute(email, null, show);
    return 'done';
  }

  async #reset({ id, email }: User, show: Show): Promise<void> {
    const { unitOfWork, hasher, secrets, audit, clock } = this.#deps;
    const password = secrets.next().slice(0, 24);
    const hash = await hasher.hash(password);
    const [now, subject] = [clock.now(), `user:${id}`];
    const entry = audit.by(SYSTEM, { action: 'users.set_password', subject });
    const tokensEntry = audit.by(SYSTEM, tokensEnded(id));
    show(email, password);
    await unitOfWork.run(async (repos) => {
      const before = await getUser(repos.users, id);
      const roles = [...new Set([...before.roles, ADMIN_ROLE])].toSorted();
      const after = await replacePassword(repos, { ...before, status: 'active', roles }, hash, now);
      await repos.audit.add({ ...entry, ...changedUserFacts(before, after) });
      await endTokens(repos, id, tokensEntry);
    });
  }
}
