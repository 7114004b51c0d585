/** Secrets from the system's source of randomness, and their digests. */
import { hash, randomBytes } from 'node:crypto';
import type { Secrets } from '#application/identity/ports.ts';

const SECRET_BYTES = 32;

export class RandomSecrets implements Secrets {
  next(): string {
    return randomBytes(SECRET_BYTES).toString('base64url');
  }

  digest(secret: string): string {
    return hash('sha256', secret);
  }
}
