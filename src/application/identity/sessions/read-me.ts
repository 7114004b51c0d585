/** Tells actors who they are. */
import type { User } from '#domain/identity/user.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { Principals } from '../roles/principals.ts';

type Deps = Readonly<{ principals: Principals }>;

export class ReadMe {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(actor: UserActor): Promise<User> {
    return (await this.#deps.principals.get(actor.userId)).user;
  }
}
