/** Creates secrets from the system's random number generator, and their digests. */
import { hash, randomBytes } from 'node:crypto';
import type { Secrets } from '#application/identity/ports.ts';

const SECRET_BYTES = 32;

export class RandomSecrets implements Secrets {
  next(): string {
    return randomBytes(SECRET_BYTES).toString('base64url');
  }

  digest(secret: string): string {
    // A plain hash suffices: a secret of 256 random bits cannot be guessed, unlike a password.
    return hash('sha256', secret);
  }
}
