/** Changes an actor's own password, and ends their other sessions. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { checkPassword, fitsBcrypt } from '#domain/identity/password-policy.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import { endTokens, tokensEnded } from '../api-tokens/api-token-access.ts';
import type {
  ApiTokens,
  CommonPasswords,
  FailureLog,
  PasswordHasher,
  PasswordHashes,
  PasswordLinks,
  UserReads,
  Users,
} from '../ports.ts';
import type { SessionRevoker } from '../sessions/session-revoker.ts';
import type { SignInAttempts } from '../sessions/sign-in-attempts.ts';
import { getUser } from '../user-access.ts';
import { replacePassword } from './replace-password.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{
    users: Users;
    passwordHashes: PasswordHashes;
    passwordLinks: PasswordLinks;
    apiTokens: ApiTokens;
    audit: AuditLog;
  }>;
  users: UserReads;
  passwordHashes: Pick<PasswordHashes, 'find'>;
  attempts: SignInAttempts;
  failures: FailureLog;
  hasher: PasswordHasher;
  commonPasswords: CommonPasswords;
  sessionRevoker: SessionRevoker;
  audit: AuditEntries;
  clock: Clock;
}>;

export type ChangePasswordInput = Readonly<{
  /** Null where none is told; enough for a user who has no password yet. */
  currentPassword: string | null;
  newPassword: string;
  /** What counts as one address; null where none is known. */
  address: string | null;
  /** Whether all API tokens of the actor end, too. */
  tokens: boolean;
}>;

export class ChangePassword {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 `session_required` where the actor has no session; 400 `password_rejected`; 401 `password_wrong`, which
   * counts as a failure to sign in; 429 `sign_in_delayed`; 503 `hashing_busy`.
   */
  async execute(actor: UserActor, input: ChangePasswordInput): Promise<void> {
    const { users, passwordHashes, hasher, commonPasswords, sessionRevoker } = this.#deps;
    if (actor.sessionId === null) throw identityErrors.sessionRequired();
    const user = await getUser(users, actor.userId);
    checkPassword(input.newPassword, user.email, await commonPasswords.include(input.newPassword));
    const current = await passwordHashes.find(user.id);
    if (current !== undefined && !(await this.#proves(user, input, current))) throw this.#failed(actor);
    const hash = await hasher.hash(input.newPassword, { party: user.id });
    await sessionRevoker.revokeAll(await this.#save(actor, input.tokens, current, hash), actor.sessionId);
  }

  async #proves(user: User, input: ChangePasswordInput, hash: string): Promise<boolean> {
    const { attempts, hasher } = this.#deps;
    const given = input.currentPassword;
    const subject = attempts.subject(user.email, input.address);
    await attempts.check(subject);
    if (given === null || !fitsBcrypt(given)) return false;
    const proved = await hasher.verify(given, hash, { admit: attempts.admission(subject), party: user.id });
    if (proved) await attempts.succeeded(user, input.address);
    return proved;
  }

  #failed(actor: UserActor): Error {
    const { audit, failures } = this.#deps;
    const subject = `user:${actor.userId}`;
    failures.enqueue(audit.by(actor, { action: 'users.change_password', subject, outcome: 'failed' }));
    return identityErrors.passwordWrong();
  }

  /** Only over the hash that was proved: of two who change it at once, one comes too late. */
  #save(actor: UserActor, tokens: boolean, proved: string | undefined, hash: string): Promise<User> {
    const { unitOfWork, audit, clock } = this.#deps;
    const now = clock.now();
    const entry = audit.by(actor, { action: 'users.change_password', subject: `user:${actor.userId}` });
    const tokensEntry = audit.by(actor, tokensEnded(actor.userId));
    return unitOfWork.run(async (repos) => {
      const user = await getUser(repos.users, actor.userId);
      if ((await repos.passwordHashes.find(user.id)) !== proved) throw identityErrors.passwordWrong();
      await repos.audit.add(entry);
      if (tokens) await endTokens(repos, user.id, tokensEntry);
      return replacePassword(repos, user, hash, now);
    });
  }
}
