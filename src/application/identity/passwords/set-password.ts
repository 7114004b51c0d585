/** Sets a user's password by a link, once. */

import type { AuditEntries, AuditEntry, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { checkOpen } from '#domain/identity/password-link.ts';
import { checkPassword } from '#domain/identity/password-policy.ts';
import type { User } from '#domain/identity/user.ts';
import type { Origin } from '#domain/shared/actor.ts';
import { endTokens, tokensEnded } from '../api-tokens/api-token-access.ts';
import type {
  ApiTokens,
  CommonPasswords,
  PasswordHasher,
  PasswordHashes,
  PasswordLinks,
  Secrets,
  Users,
} from '../ports.ts';
import type { SessionRevoker } from '../sessions/session-revoker.ts';
import type { SignInAttempts } from '../sessions/sign-in-attempts.ts';
import { replacePassword } from './replace-password.ts';

type Linked = Readonly<{ users: Pick<Users, 'find'>; passwordLinks: Pick<PasswordLinks, 'findByDigest'> }>;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    users: Users;
    passwordHashes: PasswordHashes;
    passwordLinks: PasswordLinks;
    apiTokens: ApiTokens;
    audit: AuditLog;
  }>;
  reads: Linked;
  secrets: Secrets;
  hasher: PasswordHasher;
  commonPasswords: CommonPasswords;
  sessionRevoker: SessionRevoker;
  attempts: SignInAttempts;
  audit: AuditEntries;
  clock: Clock;
}>;

export type SetPasswordInput = Readonly<{ code: string; newPassword: string; origin: Origin }>;

export class SetPassword {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * All sessions and API tokens of the user end, and they may sign in at once. Throws 404 `password_link_not_found`;
   * 410 `password_link_ended`, also for a user who is disabled; 400 `password_rejected`, with the link still open;
   * 503 `hashing_busy`.
   */
  async execute({ code, newPassword, origin }: SetPasswordInput): Promise<void> {
    const { reads, secrets, hasher, commonPasswords, audit, sessionRevoker, attempts } = this.#deps;
    const digest = secrets.digest(code);
    const user = await this.#userBehind(digest, reads);
    checkPassword(newPassword, user.email, await commonPasswords.include(newPassword));
    const hash = await hasher.hash(newPassword);
    const entry = audit.anonymous(origin, { action: 'users.set_password', subject: `user:${user.id}` });
    const tokensEntry = audit.anonymous(origin, tokensEnded(user.id));
    await sessionRevoker.revokeAll(await this.#save(digest, hash, [entry, tokensEntry]));
    await attempts.unlock(user);
  }

  #save(digest: string, hash: string, [entry, tokensEntry]: readonly [AuditEntry, AuditEntry]): Promise<User> {
    const now = this.#deps.clock.now();
    return this.#deps.unitOfWork.run(async (repos) => {
      const user = await this.#userBehind(digest, repos);
      await repos.audit.add(entry);
      await endTokens(repos, user.id, tokensEntry);
      return replacePassword(repos, user, hash, now);
    });
  }

  async #userBehind(digest: string, { users, passwordLinks }: Linked): Promise<User> {
    const link = await passwordLinks.findByDigest(digest);
    if (link === undefined) throw identityErrors.passwordLinkNotFound();
    checkOpen(link, this.#deps.clock.now());
    const user = await users.find(link.userId);
    if (user?.status !== 'active') throw identityErrors.passwordLinkEnded();
    return user;
  }
}
