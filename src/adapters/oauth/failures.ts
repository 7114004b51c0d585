/** Maps the failures of requests to an OpenID Connect provider to refusals. */
import { ClientError, ResponseBodyError } from 'openid-client';
import { identityErrors } from '#domain/identity/errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';

/**
 * The codes of `openid-client` for a provider that does not answer, or answers with something other than the protocol.
 */
const UNAVAILABLE_CODES = new Set([
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
]);

/**
 * Maps an error to 503 `oauth_provider_unavailable` if the provider could not be reached, else to 401 `oauth_failed`; a
 * `DomainError` is returned unchanged. The cause is the protocol's error code and contains nothing of the request, so
 * that it can be logged.
 */
export function mapError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return isUnavailable(error) ? unavailable(error) : withCause(identityErrors.oauthFailed(), error);
}

/** Returns 503 `oauth_provider_unavailable` with the protocol's error code as its cause. */
export function unavailable(error: unknown): DomainError {
  return withCause(identityErrors.oauthProviderUnavailable(), error);
}

function withCause(refusal: DomainError, error: unknown): DomainError {
  return Object.assign(refusal, { cause: new Error(reasonOf(error)) });
}

/** Whether the provider rejected a refresh token because its grant has expired or was revoked. */
export function isInvalidGrant(error: unknown): boolean {
  return error instanceof ResponseBodyError && error.error === 'invalid_grant';
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof ResponseBodyError) return error.status >= 500;
  // `fetch` rejects with a TypeError if it cannot connect.
  return (error instanceof ClientError && UNAVAILABLE_CODES.has(error.code ?? '')) || error instanceof TypeError;
}

/**
 * The error code of the protocol or the library, if it looks like one; never free text, which may quote the request.
 */
function reasonOf(error: unknown): string {
  const { error: protocolError, code } = error as { error?: unknown; code?: unknown };
  return (
    [protocolError, code].find((reason) => typeof reason === 'string' && /^[\w.-]{1,64}$/.test(reason))?.toString() ??
    'other'
  );
}
