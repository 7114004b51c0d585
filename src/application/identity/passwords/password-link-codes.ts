/** Draws the codes of links to set a password. */

import type { Clock } from '#application/shared/clock.ts';
import type { Ids } from '#application/shared/ids.ts';
import { makeLink, type PasswordLink } from '#domain/identity/password-link.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Secrets } from '../ports.ts';

type Deps = Readonly<{ secrets: Secrets; clock: Clock; ids: Ids }>;

/** `code` appears here and nowhere else. */
export type NewPasswordLink = Readonly<{ code: string; link: PasswordLink }>;

export class PasswordLinkCodes {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  next(userId: UserId): NewPasswordLink {
    const { secrets, clock, ids } = this.#deps;
    const code = secrets.next();
    return {
      code,
      link: makeLink({ id: ids.next('passwordLink'), userId, digest: secrets.digest(code) }, clock.now()),
    };
  }
}
