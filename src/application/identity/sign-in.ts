/** Signs a user in by password: one answer, in words and in time, for every way to fail. */
import { identityErrors } from '#domain/identity/errors.ts';
import { fitsBcrypt } from '#domain/identity/password-policy.ts';
import { beginSession, type Session, type SessionLimits } from '#domain/identity/session.ts';
import { isEmail, normalizeEmail, type User } from '#domain/identity/user.ts';
import type { Clock } from '../shared/clock.ts';
import type { Ids } from '../shared/ids.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { PasswordHasher, PasswordHashes, Secrets, Sessions, UserReads } from './ports.ts';

type Deps = Readonly<{
  users: UserReads;
  unitOfWork: UnitOfWork<{ passwordHashes: PasswordHashes }>;
  passwordHashes: Pick<PasswordHashes, 'find'>;
  hasher: PasswordHasher;
  sessions: Sessions;
  secrets: Secrets;
  clock: Clock;
  ids: Ids;
  limits: SessionLimits;
}>;

export type SignInInput = Readonly<{
  /** E-mail address or username. */
  login: string;
  password: string;
  ip: string | null;
  userAgent: string | null;
  /** The secret of the session that the request came with; that session ends. */
  presentedSecret: string | null;
}>;

/** `secret` appears here and nowhere else. */
export type SignedIn = Readonly<{ user: User; session: Session; secret: string }>;

export class SignIn {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 401 `sign_in_failed` whatever the reason; 503 `hashing_busy` when too many sign in at once. */
  async execute(input: SignInInput): Promise<SignedIn> {
    const user = await this.#deps.users.findByLogin(isEmail(input.login) ? normalizeEmail(input.login) : input.login);
    const hash = user && (await this.#deps.passwordHashes.find(user.id));
    const proved = await this.#verify(input.password, hash);
    if (user === undefined || hash === undefined || !proved || user.status !== 'active')
      throw identityErrors.signInFailed();
    if (this.#deps.hasher.isOutdated(hash)) await this.#rehash(user, input.password);
    return { user, ...(await this.#begin(user, input)) };
  }

  /** One hash is computed, whoever asks: time must not tell an unknown login from a wrong password. */
  #verify(password: string, hash: string | undefined): Promise<boolean> {
    const { hasher } = this.#deps;
    return hash === undefined || !fitsBcrypt(password) ? hasher.verifyNothing(password) : hasher.verify(password, hash);
  }

  async #rehash(user: User, password: string): Promise<void> {
    const hash = await this.#deps.hasher.hash(password);
    await this.#deps.unitOfWork.run(({ passwordHashes }) => passwordHashes.save(user.id, hash));
  }

  async #begin(user: User, input: SignInInput): Promise<{ session: Session; secret: string }> {
    const { sessions, secrets, clock, ids, limits } = this.#deps;
    const secret = secrets.next();
    const session = beginSession(
      {
        id: ids.next('session'),
        digest: secrets.digest(secret),
        userId: user.id,
        epoch: user.sessionEpoch,
        ip: input.ip,
        userAgent: input.userAgent,
      },
      clock.now(),
      limits,
    );
    await sessions.begin(session, limits.perUser);
    if (input.presentedSecret !== null) await sessions.end(secrets.digest(input.presentedSecret));
    return { session, secret };
  }
}
