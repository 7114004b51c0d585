/** What is stored encrypted, as a port: to know whether keys are needed, and to bring all of it under another key. */

export type EncryptedValue = Readonly<{
  /** `<table>.<column>`. */
  column: string;
  /** The row, in the store's own terms. */
  row: string;
  /** What a cipher made. */
  encrypted: string;
}>;

/** Everything encrypted in the record stores, within a unit of work. */
export interface EncryptedValues {
  /** Whether there is anything. */
  exist(): Promise<boolean>;
  /** All of it, in no order. */
  list(): Promise<readonly EncryptedValue[]>;
  /** Puts `encrypted` in the value's place; false, with nothing done, where something else stands there by now. */
  replace(value: EncryptedValue, encrypted: string): Promise<boolean>;
}
