/** Slows down whoever fails to prove a password again and again, before anything is hashed. */

import type { Clock } from '#application/shared/clock.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { loginKey, type User } from '#domain/identity/user.ts';
import type { Admission, Secrets, SignInDelays, SignInSubject } from '../ports.ts';

/** What a user signs in by. */
type Names = Pick<User, 'email' | 'username'>;

type Deps = Readonly<{ delays: SignInDelays; secrets: Pick<Secrets, 'digest'>; clock: Clock }>;

export class SignInAttempts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Whose failures count. Each name has its own: a counter that two share would tell that one user has both. */
  subject(login: string, address: string | null): SignInSubject {
    return { account: this.#account(login), address };
  }

  /** Throws 429 `sign_in_delayed` where the subject must wait; nothing is counted. */
  async check(subject: SignInSubject): Promise<void> {
    refuse(await this.#deps.delays.waitMs(subject, this.#deps.clock.now()));
  }

  /** For the hasher: throws as `check` does, or counts the attempt as failed until `succeeded`. */
  admission(subject: SignInSubject): Admission {
    return async () => refuse(await this.#deps.delays.attempt(subject, this.#deps.clock.now()));
  }

  /** The user has proved themselves: the failures of all their names are forgotten. */
  succeeded(user: Names, address: string | null): Promise<void> {
    return this.#deps.delays.succeeded(this.#accounts(user), address);
  }

  unlock(user: Names): Promise<void> {
    return this.#deps.delays.unlock(this.#accounts(user));
  }

  #accounts({ email, username }: Names): readonly string[] {
    return (username === null ? [email] : [email, username]).map((name) => this.#account(name));
  }

  #account(login: string): string {
    return this.#deps.secrets.digest(`account:${loginKey(login)}`);
  }
}

function refuse(waitMs: number): void {
  if (waitMs > 0) throw identityErrors.signInDelayed({ retryAfterSeconds: Math.ceil(waitMs / 1_000) });
}
