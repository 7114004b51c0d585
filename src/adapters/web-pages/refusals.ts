/** Why a page is not fetched: what is wrong with its address or with what came from there, and what to do. */
import { libraryErrors, readingErrors } from '#domain/library/errors.ts';
import type { DomainError } from '#domain/shared/domain-error.ts';

const REFUSED = {
  malformed: 'This is no address of a page. Send one that begins with https:// or http://.',
  credentials: 'The address has a name or a password in it. Send one without, or the file itself.',
  not_public: 'The address is not one of the public internet. Send the file itself.',
  too_many_redirects: 'The address leads on too many times. Send the one where it ends.',
} as const;

const UNREADABLE = {
  status: 'The host answered that there is nothing to be had. Check the address, or send the file itself.',
  type: 'What is at the address is of no type that can be read. Send a document itself.',
  encoding: 'The host answered in an encoding that nobody asked for. Send the file itself.',
} as const;

const UNREACHABLE = {
  not_found: 'No host with this name was found. Check the address.',
  no_answer: 'The host did not answer, or broke off. Try again later, or send the file itself.',
  timeout: 'The host took too long. Try again later, or send the file itself.',
  busy: 'The host answered that it cannot serve now. Try again later, or send the file itself.',
} as const;

export function addressRefused(reason: keyof typeof REFUSED): DomainError {
  return libraryErrors.urlRefused({ reason }, REFUSED[reason]);
}

/** It would be so again. */
export function unreadable(reason: keyof typeof UNREADABLE): DomainError {
  return readingErrors.urlUnreadable({ reason }, UNREADABLE[reason]);
}

/** It may be otherwise the next time. */
export function unreachable(reason: keyof typeof UNREACHABLE): DomainError {
  return readingErrors.urlUnreachable({ reason }, UNREACHABLE[reason]);
}
