/** What every refusal of the product is: a kind that adapters translate, a stable code, and words that help. */

export const ERROR_KINDS = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'gone',
  'stale',
  'too_large',
  'limited',
  'unavailable',
] as const;

export type ErrorKind = (typeof ERROR_KINDS)[number];

/** A fact about the refusal that is safe to show to the caller. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * A refusal. It is thrown, never returned, because throwing rolls back.
 * `message` and `details` are safe to show; `cause` is for the log alone.
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

/** A declared refusal: call it to make the error; read its kind, code and meaning to document it. */
export type Refusal = ((details?: ErrorDetails, message?: string) => DomainError) &
  Readonly<{ kind: ErrorKind; code: string; meaning: string }>;

/** Declares one refusal. `meaning` is its message unless the caller can say something more exact. */
export function refusal(kind: ErrorKind, code: string, meaning: string): Refusal {
  const make = (details?: ErrorDetails, message?: string) => new DomainError(kind, code, message ?? meaning, details);
  return Object.assign(make, { kind, code, meaning });
}
