/** Issues an API token to an actor who is signed in. */

import type { AuditEntries, AuditLog } from '#application/shared/audit-log.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { IdempotencyKeys, ToStoredResponse } from '#application/shared/idempotency.ts';
import type { Ids } from '#application/shared/ids.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { checkScopes } from '#domain/identity/administration.ts';
import { type ApiToken, checkBoundScopes, issueToken, TOKEN_DEFAULT_SECONDS } from '#domain/identity/api-token.ts';
import { tokenFacts } from '#domain/identity/audit-facts.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { Permission } from '#domain/identity/permissions.ts';
import { type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import type { ApiTokenSecrets, ApiTokens, UserReads } from '../ports.ts';
import { checkSessionEpoch, checkTokenRoom } from './api-token-access.ts';

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ users: UserReads; apiTokens: ApiTokens; audit: AuditLog; idempotency: IdempotencyKeys }>;
  tokenSecrets: ApiTokenSecrets;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

export type IssueApiTokenInput = Readonly<{
  name: string;
  scopes: readonly Permission[];
  /** The only workspace in which it is to act; all of the owner's where it is left out. */
  workspaceId?: WorkspaceId | undefined;
  /** Of the session that the actor came with; null where they came with a token. */
  sessionEpoch: number | null;
  /** 90 days where absent. */
  expiresInSeconds?: number;
}>;

/** `secret` is the token as its owner presents it; it appears here and nowhere else. */
export type IssuedApiToken = Readonly<{ token: ApiToken; secret: string }>;

export class IssueApiToken {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 `session_required` where the actor came by a token, or their session has ended meanwhile; 403
   * `grant_exceeds_own` for a scope they do not hold; 404 `workspace_not_found`; 400 `scopes_outside_workspace`; 409
   * `tokens_full`.
   */
  async execute(
    actor: UserActor,
    input: IssueApiTokenInput,
    toStoredResponse?: ToStoredResponse<ApiToken>,
  ): Promise<IssuedApiToken> {
    const { unitOfWork, tokenSecrets, audit, clock, ids } = this.#deps;
    if (input.sessionEpoch === null) throw identityErrors.sessionRequired();
    const workspaceId = input.workspaceId ?? null;
    if (workspaceId !== null) workspaceFor(actor, workspaceId);
    checkScopes(actor, input.scopes);
    checkBoundScopes(input.scopes, workspaceId);
    const id = ids.next('apiToken');
    const { token: secret, prefix, digest } = tokenSecrets.issue(id);
    const { name, scopes, expiresInSeconds = TOKEN_DEFAULT_SECONDS } = input;
    const issued = { id, userId: actor.userId, name, prefix, digest, scopes, workspaceId };
    const now = clock.now();
    const token = issueToken(issued, now, expiresInSeconds * 1_000);
    const entry = audit.by(actor, { action: 'tokens.issue', subject: `token:${id}`, after: tokenFacts(token) });
    await unitOfWork.run(async (repos) => {
      await checkSessionEpoch(repos.users, actor.userId, input.sessionEpoch);
      await checkTokenRoom(repos.apiTokens, actor.userId, now);
      await repos.apiTokens.add(token);
      await repos.audit.add(entry);
      if (toStoredResponse !== undefined) await repos.idempotency.add(toStoredResponse(token));
    });
    return { token, secret };
  }
}
