/** Everything encrypted in memory, whatever its table. */
import type { EncryptedValue, EncryptedValues } from '#application/shared/encrypted-values.ts';
import { accessKey } from './source-accesses.ts';
import type { Changes, MemoryTables } from './tables.ts';

type Place = Readonly<{ value: EncryptedValue; put(encrypted: string): void }>;

export class MemoryEncryptedValues implements EncryptedValues {
  readonly #tables: MemoryTables;
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#tables = deps.tables;
    this.#changes = deps.changes;
  }

  async exist(): Promise<boolean> {
    return this.#places().length > 0;
  }

  async list(): Promise<readonly EncryptedValue[]> {
    return this.#places().map((place) => place.value);
  }

  async replace({ column, row, encrypted: was }: EncryptedValue, encrypted: string): Promise<boolean> {
    const found = this.#places().find(({ value }) => value.column === column && value.row === row);
    if (found?.value.encrypted !== was) return false;
    found.put(encrypted);
    return true;
  }

  #places(): readonly Place[] {
    return [...this.#refreshTokens(), ...this.#licenseKeys()];
  }

  *#refreshTokens(): Iterable<Place> {
    const table = this.#tables.oauthAccounts;
    for (const account of this.#changes.all(table)) {
      if (account.refreshToken === null) continue;
      yield {
        value: { column: 'oauth_accounts.refresh_token', row: account.id, encrypted: account.refreshToken },
        put: (refreshToken) => this.#changes.set(table, account.id, { ...account, refreshToken }),
      };
    }
  }

  *#licenseKeys(): Iterable<Place> {
    const table = this.#tables.sourceAccess;
    for (const access of this.#changes.all(table)) {
      if (access.licenseKey === null) continue;
      const row = accessKey(access.sourceId, access.userId);
      yield {
        value: { column: 'source_access.license_key', row, encrypted: access.licenseKey },
        put: (licenseKey) => this.#changes.set(table, row, { ...access, licenseKey }),
      };
    }
  }
}
