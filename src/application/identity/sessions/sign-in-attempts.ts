/** Slows down whoever fails to prove a password again and again, before anything is hashed. */

import type { Clock } from '#application/shared/clock.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { loginKey, type User } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Admission, Secrets, SignInDelays, SignInSubject } from '../ports.ts';

type Deps = Readonly<{ delays: SignInDelays; secrets: Pick<Secrets, 'digest'>; clock: Clock }>;

export class SignInAttempts {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Whose failures count: e-mail and username of one user are one account, and a login that nobody has is one too. */
  subject(login: string, user: User | undefined, address: string | null): SignInSubject {
    return { account: this.#account(user === undefined ? `login:${loginKey(login)}` : user.id), address };
  }

  /** Throws 429 `sign_in_delayed` where the subject must wait; nothing is counted. */
  async check(subject: SignInSubject): Promise<void> {
    refuse(await this.#deps.delays.waitMs(subject, this.#deps.clock.now()));
  }

  /** For the hasher: throws as `check` does, or counts the attempt as failed until `succeeded`. */
  admission(subject: SignInSubject): Admission {
    return async () => refuse(await this.#deps.delays.attempt(subject, this.#deps.clock.now()));
  }

  succeeded(subject: SignInSubject): Promise<void> {
    return this.#deps.delays.succeeded(subject);
  }

  unlock(userId: UserId): Promise<void> {
    return this.#deps.delays.unlock(this.#account(userId));
  }

  #account(name: string): string {
    return this.#deps.secrets.digest(`account:${name}`);
  }
}

function refuse(waitMs: number): void {
  if (waitMs > 0) throw identityErrors.signInDelayed({ retryAfterSeconds: Math.ceil(waitMs / 1_000) });
}
