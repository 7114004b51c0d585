/** What the readers of bodies share: text of bytes, and the refusal of too many. */
import { type HttpError, httpErrors } from '../declaration/http-errors.ts';

const MIB = 1024 * 1024;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function tooLarge(maxBytes: number): HttpError {
  return httpErrors.bodyTooLarge({}, `The body is larger than ${maxBytes / MIB} MiB.`);
}

/** Throws 400 `malformed_text`. */
export function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw httpErrors.malformedText({}, 'The body is not valid UTF-8.');
  }
}
