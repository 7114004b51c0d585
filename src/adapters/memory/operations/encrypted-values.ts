/** Everything encrypted in memory, whatever its table. */
import type { EncryptedValue, EncryptedValues } from '#application/operations/encrypted-values.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import type { SourceAccess } from '#domain/library/source-access.ts';
import { accessKey } from '../library/source-accesses.ts';
import type { Changes, MemoryTable, MemoryTables } from '../shared/tables.ts';

type Column<Row> = Readonly<{
  name: string;
  table: MemoryTable<Row>;
  keyOf(row: Row): string;
  encryptedIn(row: Row): string | null;
  withEncrypted(row: Row, encrypted: string): Row;
}>;

export class MemoryEncryptedValues implements EncryptedValues {
  readonly #columns: readonly Column<unknown>[];
  readonly #changes: Changes;

  constructor(deps: Readonly<{ tables: MemoryTables; changes: Changes }>) {
    this.#columns = [refreshTokens(deps.tables), licenseKeys(deps.tables)];
    this.#changes = deps.changes;
  }

  async exist(): Promise<boolean> {
    return (await this.list()).length > 0;
  }

  async list(): Promise<readonly EncryptedValue[]> {
    return this.#columns.flatMap((column) => [...this.#valuesOf(column)]);
  }

  async replace({ column: name, row: key, encrypted: was }: EncryptedValue, encrypted: string): Promise<boolean> {
    const column = this.#columns.find((one) => one.name === name);
    const row = column && this.#changes.find(column.table, key);
    if (column === undefined || row === undefined || column.encryptedIn(row) !== was) return false;
    this.#changes.set(column.table, key, column.withEncrypted(row, encrypted));
    return true;
  }

  *#valuesOf({ name, table, keyOf, encryptedIn }: Column<unknown>): Iterable<EncryptedValue> {
    for (const row of this.#changes.all(table)) {
      const encrypted = encryptedIn(row);
      if (encrypted !== null) yield { column: name, row: keyOf(row), encrypted };
    }
  }
}

function refreshTokens({ oauthAccounts }: MemoryTables): Column<OauthAccount> {
  return {
    name: 'oauth_accounts.refresh_token',
    table: oauthAccounts,
    keyOf: ({ id }) => id,
    encryptedIn: ({ refreshToken }) => refreshToken,
    withEncrypted: (account, refreshToken) => ({ ...account, refreshToken }),
  };
}

function licenseKeys({ sourceAccess }: MemoryTables): Column<SourceAccess> {
  return {
    name: 'source_access.license_key',
    table: sourceAccess,
    keyOf: ({ sourceId, userId }) => accessKey(sourceId, userId),
    encryptedIn: ({ licenseKey }) => licenseKey,
    withEncrypted: (access, licenseKey) => ({ ...access, licenseKey }),
  };
}
