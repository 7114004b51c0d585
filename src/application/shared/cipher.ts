/** Encryption of the few things that must be stored and shown again, as a port. */
import { refusal } from '#domain/shared/domain-error.ts';

export interface Cipher {
  /** Whether there is a key to encrypt under. */
  readonly isConfigured: boolean;
  /** Throws 409 `encryption_not_configured` where there is no key. */
  encrypt(text: string): string;
  /** The text that `encrypt` was given, under whichever of the configured keys. Throws where none of them fits. */
  decrypt(encrypted: string): string;
}

/** A cipher of several keys in their order: the first encrypts, all decrypt. */
export interface KeyedCipher extends Cipher {
  readonly keyCount: number;
  /** The place, from 0, of the key that decrypts this; undefined where none does. */
  keyOf(encrypted: string): number | undefined;
}

export const cipherErrors = {
  encryptionNotConfigured: refusal(
    'conflict',
    'encryption_not_configured',
    'This cannot be kept without encryption. The operator has to set FERNET_KEYS first.',
  ),
};
