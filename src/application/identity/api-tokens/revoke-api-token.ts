/** Revokes one of an actor's own API tokens; the row stays, with who and when. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { revoked } from '#domain/identity/api-token.ts';
import { tokenFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ApiTokenId } from '#domain/shared/ids.ts';
import type { ApiTokens } from '../ports.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ apiTokens: ApiTokens; audit: AuditLog }>;
  audit: AuditEntries;
  clock: Clock;
}>;

export class RevokeApiToken {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Again is fine: the first revocation stands. Throws 404 `token_not_found` also where it is somebody else's. */
  async execute(actor: UserActor, id: ApiTokenId): Promise<void> {
    const { unitOfWork, audit, clock } = this.#deps;
    const now = clock.now();
    const entry = audit.by(actor, { action: 'tokens.revoke', subject: `token:${id}` });
    await unitOfWork.run(async (repos) => {
      const before = await repos.apiTokens.find(id);
      if (before?.userId !== actor.userId) throw identityErrors.tokenNotFound();
      if (before.revokedAt !== null) return;
      const after = revoked(before, actor.userId, now);
      await repos.apiTokens.save(after);
      await repos.audit.add({ ...entry, before: tokenFacts(before), after: tokenFacts(after) });
    });
  }
}
