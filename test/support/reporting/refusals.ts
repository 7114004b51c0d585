/** What a promise or a check was refused with. */
import { DomainError, type Refusal } from '#domain/shared/domain-error.ts';

/** The code of the refusal; fails where the promise resolves or rejects with anything else. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await failureOf(promise);
  if (!(error instanceof DomainError)) throw new Error('Rejected, but not with a refusal.', { cause: error });
  return error.code;
}

/** What the promise rejects with; fails where it resolves. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([promise]);
  if (outcome.status === 'fulfilled') throw new Error('It resolved.');
  return outcome.reason;
}

/** The refusal that the check throws; fails where it throws nothing or anything else. */
export function thrownBy(check: () => unknown): DomainError {
  try {
    check();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

/** The code of the refusal that the check throws, or 'ok'. */
export function outcomeOf(check: () => unknown): string {
  try {
    check();
    return 'ok';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** The codes of declared refusals by kind, which decides the status of their answers; in order, with spaces between. */
export function codesByKind(declared: Readonly<Record<string, Refusal>>): Readonly<Record<string, string>> {
  const kinds = Object.groupBy(Object.values(declared), ({ kind }) => kind);
  const codesOf = (refusals: readonly Refusal[] = []) => refusals.map(({ code }) => code).toSorted();
  return Object.fromEntries(Object.entries(kinds).map(([kind, refusals]) => [kind, codesOf(refusals).join(' ')]));
}
