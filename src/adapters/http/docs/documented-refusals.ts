/** Every refusal that a client can meet, for the documents: by status, then by code. */
import { cipherErrors } from '#application/shared/cipher.ts';
import { idempotencyErrors } from '#application/shared/idempotency.ts';
import { preconditionErrors } from '#application/shared/precondition.ts';
import { rateLimitErrors } from '#application/shared/rate-limiter.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { jobErrors } from '#domain/jobs/errors.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import { actorErrors } from '#domain/shared/actor.ts';
import type { Refusal } from '#domain/shared/domain-error.ts';
import { invitationErrors } from '#domain/shared/invitation.ts';
import { liveErrors } from '#domain/shared/live-errors.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { completionErrors } from '../conversations/completions/completion-errors.ts';
import { type HttpRefusal, httpErrors } from '../declaration/http-errors.ts';
import { statusOf } from '../refusals/problem.ts';

/** A refusal as documents show it. */
export type DocumentedRefusal = Readonly<{ code: string; status: number; meaning: string }>;

const internal: DocumentedRefusal = {
  code: 'internal_error',
  status: 500,
  meaning: 'A fault of ours. Tell the operator the request id; the log has the rest.',
};

export function documentedRefusals(): readonly DocumentedRefusal[] {
  const declared = [
    actorErrors,
    storeErrors,
    rateLimitErrors,
    cipherErrors,
    idempotencyErrors,
    preconditionErrors,
    identityErrors,
    gameErrors,
    libraryErrors,
    retrievalErrors,
    jobErrors,
    conversationErrors,
    { workspaceNotFound },
    workspaceErrors,
    invitationErrors,
    liveErrors,
    httpErrors,
    completionErrors,
  ].flatMap((errors): readonly (Refusal | HttpRefusal)[] => Object.values(errors));
  return [
    // Some are of several contexts.
    ...[...new Set(declared)].map((one) => ({ code: one.code, status: statusOf(one), meaning: one.meaning })),
    internal,
  ].toSorted((a, b) => a.status - b.status || (a.code < b.code ? -1 : 1));
}
