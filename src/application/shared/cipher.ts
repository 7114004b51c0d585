/** Encryption of the few things that must be kept and shown again, as a port. */

export interface Cipher {
  /** Throws 409 `encryption_not_configured` where there is no key. */
  encrypt(text: string): string;
  /** The text that `encrypt` was given, under whichever of the configured keys. Throws where none of them fits. */
  decrypt(encrypted: string): string;
}
