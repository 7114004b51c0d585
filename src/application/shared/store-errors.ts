/**
 * The refusals that every store shares: it is away, full or busy, or what it is given cannot stand beside what is
 * there.
 */
import { DomainError, refusal } from '#domain/shared/domain-error.ts';

export const storeErrors = {
  storeUnavailable: refusal(
    'unavailable',
    'store_unavailable',
    'The data store cannot do this right now. Nothing was changed. Try again in a moment.',
  ),
  outcomeUnknown: refusal(
    'unavailable',
    'outcome_unknown',
    'The data store went away while this was under way: it is not known whether it was done. Look, or send it again under its Idempotency-Key.',
  ),
  /**
   * Detail: `field`, or null where the store does not tell. Stores refuse in better words where they can foresee it.
   */
  constraintViolated: refusal(
    'conflict',
    'constraint_violated',
    'This cannot stand beside what is stored already: the named field is taken, or refers to what is not there.',
  ),
};

/** Whether nothing is wrong but that something is away or busy, so that it may be tried again. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof DomainError && error.kind === 'unavailable';
}
