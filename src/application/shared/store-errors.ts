/** The refusal that every store shares: it is away, full or busy, and the caller may try again. */
import { refusal } from '#domain/shared/domain-error.ts';

export const storeErrors = {
  storeUnavailable: refusal(
    'unavailable',
    'store_unavailable',
    'The data store cannot do this right now. Nothing was changed. Try again in a moment.',
  ),
};
