/** Signs a user in by password: one answer, in words and in time, for every way to fail. */

import type { AuditEntries } from '#application/shared/audit-log.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { fitsBcrypt } from '#domain/identity/password-policy.ts';
import { loginKey, type User } from '#domain/identity/user.ts';
import type { Origin } from '#domain/shared/actor.ts';
import type { FailureLog, KeyedDigests, PasswordHasher, PasswordHashes, Turn, UserReads } from '../ports.ts';
import type { SessionStarter, SignedIn } from './session-starter.ts';
import type { SignInAttempts } from './sign-in-attempts.ts';

type Deps = Readonly<{
  users: UserReads;
  unitOfWork: UnitOfWork<{ passwordHashes: PasswordHashes }>;
  passwordHashes: Pick<PasswordHashes, 'find'>;
  attempts: SignInAttempts;
  failures: FailureLog;
  loginDigests: KeyedDigests;
  audit: AuditEntries;
  hasher: PasswordHasher;
  sessionStarter: SessionStarter;
}>;

export type SignInInput = Readonly<{
  /** E-mail address or username. */
  login: string;
  password: string;
  origin: Origin;
  /** What counts as one address; null where none is known. */
  address: string | null;
  userAgent: string | null;
  /** The secret of the session that the request came with; that session ends. */
  presentedSecret: string | null;
}>;

export class SignIn {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 401 `sign_in_failed` whatever the reason; 429 `sign_in_delayed` after too many failures, known or not;
   * 503 `hashing_busy` when too many sign in at once.
   */
  async execute(input: SignInInput): Promise<SignedIn> {
    const { users, passwordHashes, attempts, hasher, sessionStarter } = this.#deps;
    const user = await users.findByLogin(input.login);
    const hash = user && (await passwordHashes.find(user.id));
    const subject = attempts.subject(input.login, input.address);
    await attempts.check(subject);
    const proved = await this.#verify(input.password, hash, {
      admit: attempts.admission(subject),
      party: input.address,
    });
    if (user === undefined || hash === undefined || !proved || user.status !== 'active')
      throw this.#failed(user, input);
    await attempts.succeeded(user, input.address);
    if (hasher.isOutdated(hash)) await this.#rehash(user, input.password, hash);
    const { origin, userAgent, presentedSecret } = input;
    return sessionStarter.start(user, {
      origin,
      userAgent,
      presentedSecret,
      through: 'password',
      oauthAccountId: null,
    });
  }

  /**
   * The audit tells whose account it was, where it is somebody's, and never what was typed, which may be a password:
   * the digest shows only that two attempts had the same login.
   */
  #failed(user: User | undefined, { login, origin }: SignInInput): Error {
    const { audit, failures, loginDigests } = this.#deps;
    const subject = user === undefined ? null : `user:${user.id}`;
    const after = { login_digest: loginDigests.of(loginKey(login)) };
    failures.enqueue(audit.anonymous(origin, { action: 'users.sign_in', subject, outcome: 'failed', after }));
    return identityErrors.signInFailed();
  }

  /** The same work, whoever asks: time must not tell an unknown login from a wrong password. */
  #verify(password: string, hash: string | undefined, turn: Turn): Promise<boolean> {
    const { hasher } = this.#deps;
    if (hash === undefined || !fitsBcrypt(password)) return hasher.verifyNothing(password, turn);
    return hasher.verify(password, hash, turn);
  }

  /** Only over the hash that was proved: a password that was changed meanwhile stays changed. */
  async #rehash(user: User, password: string, proved: string): Promise<void> {
    const hash = await this.#deps.hasher.hash(password, { party: user.id });
    await this.#deps.unitOfWork.run(async ({ passwordHashes }) => {
      if ((await passwordHashes.find(user.id)) === proved) await passwordHashes.save(user.id, hash);
    });
  }
}
