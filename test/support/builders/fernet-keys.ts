/** Keys to encrypt under. */
import { randomBytes } from 'node:crypto';

/** A key that no other call gives, as settings write it. */
export function aFernetKey(): string {
  return `${randomBytes(32).toString('base64url')}=`;
}
