/** Tells refusals of what a file is from everything else that can go wrong while it is read. */
import { DomainError, type ErrorKind } from '#domain/shared/domain-error.ts';

const OF_FILE: readonly ErrorKind[] = ['unsupported', 'unreadable', 'too_large', 'gone'];

/** Whether the file is refused, so that trying again would end in the same way. */
export function isOfFile(error: unknown): error is DomainError {
  return error instanceof DomainError && OF_FILE.includes(error.kind);
}
