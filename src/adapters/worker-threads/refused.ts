/** A refusal as it passes between threads, where classes get lost. */
import { DomainError } from '#domain/shared/domain-error.ts';

export type Refused = Pick<DomainError, 'kind' | 'code' | 'message' | 'details'>;

/** Undefined for an error that is no refusal. */
export function refusedOf(error: unknown): Refused | undefined {
  if (!(error instanceof DomainError)) return undefined;
  const { kind, code, message, details } = error;
  return { kind, code, message, details };
}

export function refusalFrom({ kind, code, message, details }: Refused): DomainError {
  return new DomainError(kind, code, message, details);
}
