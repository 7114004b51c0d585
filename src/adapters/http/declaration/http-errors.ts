/** Refusals that only HTTP knows: what is wrong with a request before the application is asked. */
import type { ErrorDetails } from '#domain/shared/domain-error.ts';

/** A refusal with a status of its own, because no kind of the domain stands for it. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(status: number, code: string, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

export type HttpRefusal = ((details?: ErrorDetails, message?: string) => HttpError) &
  Readonly<{ status: number; code: string; meaning: string }>;

/** Declares a refusal that no use case knows of. */
export function httpRefusal(status: number, code: string, meaning: string): HttpRefusal {
  const make = (details?: ErrorDetails, message?: string) => new HttpError(status, code, message ?? meaning, details);
  return Object.assign(make, { status, code, meaning });
}

export const httpErrors = {
  malformedJson: httpRefusal(400, 'malformed_json', 'The body is not valid JSON.'),
  malformedText: httpRefusal(400, 'malformed_text', 'Text must be well-formed Unicode without NUL.'),
  tooDeep: httpRefusal(400, 'too_deep', 'The JSON is nested too deeply.'),
  invalidInput: httpRefusal(400, 'invalid_input', 'The request does not have the form that this call takes.'),
  malformedRequest: httpRefusal(400, 'malformed_request', 'The request could not be read.'),
  malformedCursor: httpRefusal(400, 'malformed_cursor', 'The cursor is not one that this list gave out.'),
  malformedIdempotencyKey: httpRefusal(
    400,
    'malformed_idempotency_key',
    'An Idempotency-Key has 1 to 255 printable ASCII characters.',
  ),
  idempotencyNotSupported: httpRefusal(
    400,
    'idempotency_not_supported',
    'This call takes no Idempotency-Key: sent again, it is carried out again. Leave the header out.',
  ),
  foreignOrigin: httpRefusal(403, 'foreign_origin', 'The request comes from a page of another origin.'),
  routeNotFound: httpRefusal(404, 'route_not_found', 'There is no such call. See /docs.'),
  methodNotAllowed: httpRefusal(405, 'method_not_allowed', 'This is called by POST.'),
  requestTimeout: httpRefusal(408, 'request_timeout', 'The request took too long to arrive.'),
  bodyTooLarge: httpRefusal(413, 'body_too_large', 'The body is larger than 1 MiB.'),
  unsupportedMediaType: httpRefusal(415, 'unsupported_media_type', 'The body must be application/json in UTF-8.'),
  rangeNotSatisfiable: httpRefusal(416, 'range_not_satisfiable', 'The file has no such part.'),
  expectationFailed: httpRefusal(417, 'expectation_failed', 'No expectation is met but 100-continue.'),
  idempotencyKeyReused: httpRefusal(
    422,
    'idempotency_key_reused',
    'This Idempotency-Key was sent with another body before. Use a new key for a new request.',
  ),
  upgradeRequired: httpRefusal(426, 'upgrade_required', 'This is a WebSocket: open it by an upgrade of version 13.'),
  preconditionRequired: httpRefusal(
    428,
    'precondition_required',
    'Read this first, and send its ETag as If-Match, so that nobody overwrites what another has changed.',
  ),
};
