/** The password policy: which passwords are accepted. */
import { identityErrors } from './errors.ts';
import { normalizeEmail } from './user.ts';

const PASSWORD_MIN_CHARACTERS = 8;
/** bcrypt ignores all further bytes, so a longer password would be weaker than it looks. */
const PASSWORD_MAX_BYTES = 72;

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) as number;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Whether bcrypt hashes the whole password. */
export function fitsBcrypt(password: string): boolean {
  return utf8Length(password) <= PASSWORD_MAX_BYTES;
}

/**
 * Throws 400 `password_rejected` for a password that is too short, too long for bcrypt, the user's own e-mail address
 * or, as the caller has found out, among the most `common` ones. The detail `reason` says which.
 */
export function checkPassword(password: string, email: string, common: boolean): void {
  if ([...password].length < PASSWORD_MIN_CHARACTERS) {
    throw identityErrors.passwordRejected(
      { reason: 'too_short' },
      `A password has at least ${PASSWORD_MIN_CHARACTERS} characters.`,
    );
  }
  if (!fitsBcrypt(password)) {
    throw identityErrors.passwordRejected(
      { reason: 'too_long' },
      `A password has at most ${PASSWORD_MAX_BYTES} bytes in UTF-8; bcrypt would ignore the rest.`,
    );
  }
  if (normalizeEmail(password) === normalizeEmail(email)) {
    throw identityErrors.passwordRejected({ reason: 'is_email' }, 'A password must not be the e-mail address.');
  }
  if (common)
    throw identityErrors.passwordRejected({ reason: 'too_common' }, 'This password is among the most common.');
}
