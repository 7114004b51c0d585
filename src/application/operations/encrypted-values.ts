/** The port to all encrypted values: to find out whether keys are needed, and to re-encrypt everything. */

export type EncryptedValue = Readonly<{
  /** `<table>.<column>`. */
  column: string;
  /** Identifies the row, in a format of the store's own. */
  row: string;
  /** The ciphertext, as `Cipher.encrypt` returned it. */
  encrypted: string;
}>;

/** All encrypted values of the record stores. */
export interface EncryptedValues {
  /** Whether there is any encrypted value. */
  exist(): Promise<boolean>;
  /** Returns all values, in no particular order. */
  list(): Promise<readonly EncryptedValue[]>;
  /**
   * Replaces the value if it has not changed since it was listed: a compare-and-set. Returns whether it was replaced.
   */
  replace(value: EncryptedValue, encrypted: string): Promise<boolean>;
}
