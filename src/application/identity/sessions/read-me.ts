/** Tells an actor who they are. */
import type { User } from '#domain/identity/user.ts';
import type { Actor } from '#domain/shared/actor.ts';
import type { Principals } from '../roles/principals.ts';

type Deps = Readonly<{ principals: Principals }>;

export class ReadMe {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(actor: Actor): Promise<User> {
    return (await this.#deps.principals.get(actor.userId)).user;
  }
}
