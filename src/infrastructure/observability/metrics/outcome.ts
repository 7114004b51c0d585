/** How a call that threw ended. */
import { DomainError } from '#domain/shared/domain-error.ts';

/** `refused` where a rule said no; `failed` where a store is away, or where something is broken. */
export function outcomeOf(error: unknown): 'refused' | 'failed' {
  return error instanceof DomainError && error.kind !== 'unavailable' ? 'refused' : 'failed';
}
