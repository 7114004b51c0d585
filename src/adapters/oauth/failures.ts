/** What a failure to talk to a provider is to the rest of the product. */
import { ClientError, ResponseBodyError } from 'openid-client';
import { identityErrors } from '#domain/identity/errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';

/** What a provider that is away, overloaded or not itself answers with. */
const AWAY = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_RESPONSE_IS_NOT_CONFORM', 'OAUTH_RESPONSE_IS_NOT_JSON']);

/**
 * 503 `oauth_provider_unavailable` where the provider could not be asked, else 401 `oauth_failed`. The cause names the reason in the
 * protocol's own terms, and nothing of what was sent.
 */
export function mapError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return isAway(error) ? unavailable(error) : because(identityErrors.oauthFailed(), error);
}

/** 503 `oauth_provider_unavailable`, with the reason as its cause. */
export function unavailable(error: unknown): DomainError {
  return because(identityErrors.oauthProviderUnavailable(), error);
}

function because(refusal: DomainError, error: unknown): DomainError {
  return Object.assign(refusal, { cause: new Error(reasonOf(error)) });
}

/** Whether the provider says that a grant is over. */
export function isInvalidGrant(error: unknown): boolean {
  return error instanceof ResponseBodyError && error.error === 'invalid_grant';
}

function isAway(error: unknown): boolean {
  if (error instanceof ResponseBodyError) return error.status >= 500;
  // `fetch` rejects with a TypeError where there is no connection.
  return (error instanceof ClientError && AWAY.has(error.code ?? '')) || error instanceof TypeError;
}

function reasonOf(error: unknown): string {
  const { error: told, code } = error as { error?: unknown; code?: unknown };
  return (
    [told, code].find((reason) => typeof reason === 'string' && /^[\w.-]{1,64}$/.test(reason))?.toString() ?? 'other'
  );
}
