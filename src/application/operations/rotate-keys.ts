/** Re-encrypts everything under the first key, so that the other keys can be removed. */
import { SYSTEM } from '#domain/shared/actor.ts';
import type { AuditEntries, AuditLog } from '../shared/audit-log.ts';
import type { KeyedCipher } from '../shared/cipher.ts';
import { cipherErrors } from '../shared/cipher.ts';
import type { UnitOfWork } from '../shared/unit-of-work.ts';
import type { EncryptedValue, EncryptedValues } from './encrypted-values.ts';

/** The number of values per unit of work, small enough that other units of work do not wait long. */
const BATCH = 100;

type Deps = Readonly<{
  unitOfWork: UnitOfWork<{ encryptedValues: EncryptedValues; audit: AuditLog }>;
  cipher: KeyedCipher;
  audit: AuditEntries;
}>;

export type RotatedKeys = Readonly<{
  /** The number of values that were encrypted under each key, in the order of the keys. */
  foundUnder: readonly number[];
  /** The number of values that were re-encrypted. */
  rotated: number;
  /** The number of values that no key decrypts; they stay unchanged. */
  unreadable: number;
}>;

export class RotateKeys {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Commits in batches. If it fails, committed batches stay, and another run continues with the rest. Throws 409
   * `encryption_not_configured`.
   */
  async execute(): Promise<RotatedKeys> {
    const { unitOfWork, cipher } = this.#deps;
    if (!cipher.isConfigured) throw cipherErrors.encryptionNotConfigured();
    const values = await unitOfWork.run(({ encryptedValues }) => encryptedValues.list());
    const keys = values.map(({ encrypted }) => cipher.keyOf(encrypted));
    const old = values.filter((_, i) => keys[i] !== undefined && keys[i] !== 0);
    let rotated = 0;
    for (let from = 0; from < old.length; from += BATCH) rotated += await this.#rotate(old.slice(from, from + BATCH));
    return {
      foundUnder: Array.from({ length: cipher.keyCount }, (_, key) => keys.filter((one) => one === key).length),
      rotated,
      unreadable: keys.filter((key) => key === undefined).length,
    };
  }

  #rotate(values: readonly EncryptedValue[]): Promise<number> {
    const { unitOfWork, cipher, audit } = this.#deps;
    const entry = audit.by(SYSTEM, { action: 'keys.rotate', subject: null });
    const fresh = values.map(({ encrypted }) => cipher.encrypt(cipher.decrypt(encrypted)));
    return unitOfWork.run(async (repos) => {
      let replaced = 0;
      for (const [i, value] of values.entries()) {
        if (await repos.encryptedValues.replace(value, fresh[i] as string)) replaced++;
      }
      await repos.audit.add({ ...entry, after: { values: replaced } });
      return replaced;
    });
  }
}
