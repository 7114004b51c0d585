/** The error type of every refusal: a kind, which adapters translate, a stable code and a helpful message. */

/** What kind of refusal it is. The HTTP adapter maps each kind to one status. */
const ERROR_KINDS = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'gone',
  'stale',
  'too_large',
  'unsupported',
  'unreadable',
  'limited',
  'unavailable',
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

/** Facts about a refusal, safe to show to the caller. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * A refusal. It is thrown and never returned, because throwing rolls back the unit of work. `message` and `details` are
 * safe to show to the caller; `cause` is for the log only.
 */
export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly code: string;
  readonly details: ErrorDetails;

  constructor(kind: ErrorKind, code: string, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'DomainError';
    this.kind = kind;
    this.code = code;
    this.details = details;
  }
}

/** A declared refusal: a factory of its errors, with the properties that document it. */
export type Refusal = ((details?: ErrorDetails, message?: string) => DomainError) &
  Readonly<{ kind: ErrorKind; code: string; meaning: string }>;

/** Declares a refusal. `meaning` is the message of its errors, unless the thrower passes a more specific one. */
export function refusal(kind: ErrorKind, code: string, meaning: string): Refusal {
  const make = (details?: ErrorDetails, message?: string) => new DomainError(kind, code, message ?? meaning, details);
  return Object.assign(make, { kind, code, meaning });
}
