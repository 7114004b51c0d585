/** Ends the session that a request came with. */
import type { Secrets, Sessions } from '../ports.ts';

type Deps = Readonly<{ sessions: Sessions; secrets: Secrets }>;

export class SignOut {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Nothing happens where the secret is nobody's, or null. */
  async execute(secret: string | null): Promise<void> {
    if (secret !== null) await this.#deps.sessions.end(this.#deps.secrets.digest(secret));
  }
}
