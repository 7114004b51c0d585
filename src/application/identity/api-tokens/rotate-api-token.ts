/** Replaces an API token by a new one; the old one may go on for a while. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkScopes } from '#domain/identity/administration.ts';
import { issueToken, lifetimeMs, replaced } from '#domain/identity/api-token.ts';
import { tokenFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ApiTokenId } from '#domain/shared/ids.ts';
import type { ApiTokenSecrets, ApiTokens, UserReads } from '../ports.ts';
import { checkSessionEpoch, checkTokenRoom } from './api-token-access.ts';
import type { IssuedApiToken } from './issue-api-token.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: UserReads; apiTokens: ApiTokens; audit: AuditLog }>;
  tokenSecrets: ApiTokenSecrets;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export type RotateApiTokenInput = Readonly<{
  id: ApiTokenId;
  graceSeconds: number;
  /** Of the session that the actor came with; null where they came with a token. */
  sessionEpoch: number | null;
}>;

export class RotateApiToken {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * The new token has the name and scopes of the old one and lasts as long from now. The old one ends after the grace,
   * or earlier where it would have. Throws 404 `token_not_found` also where it is somebody else's; 409 `token_ended`,
   * or `tokens_full` where it is to go on beside the new one; 403 `session_required` as in issuing, or
   * `grant_exceeds_own` where the owner has lost a scope.
   */
  async execute(actor: UserActor, { id, graceSeconds, sessionEpoch }: RotateApiTokenInput): Promise<IssuedApiToken> {
    const { unitOfWork, tokenSecrets, audit, clock, ids } = this.#deps;
    if (sessionEpoch === null) throw identityErrors.sessionRequired();
    const now = clock.now();
    const newId = ids.next('apiToken');
    const { token: secret, prefix, digest } = tokenSecrets.issue(newId);
    const entry = audit.by(actor, { action: 'tokens.rotate', subject: `token:${id}` });
    const token = await unitOfWork.run(async (repos) => {
      await checkSessionEpoch(repos.users, actor.userId, sessionEpoch);
      const before = await repos.apiTokens.find(id);
      if (before?.userId !== actor.userId) throw identityErrors.tokenNotFound();
      const old = replaced(before, now, graceSeconds * 1_000);
      checkScopes(actor, before.scopes);
      const { name, scopes, workspaceId } = before;
      const issued = { id: newId, userId: actor.userId, name, scopes, workspaceId, prefix, digest };
      const token = issueToken(issued, now, lifetimeMs(before));
      await repos.apiTokens.save(old);
      await checkTokenRoom(repos.apiTokens, actor.userId, now);
      await repos.apiTokens.add(token);
      await repos.audit.add({ ...entry, before: tokenFacts(before), after: tokenFacts(token) });
      return token;
    });
    return { token, secret };
  }
}
