/** `npm run keys:rotate`: re-encrypts every stored secret under the first key. */
import { RotateKeys } from '#application/operations/rotate-keys.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { databaseOf } from '../config/database-setting.ts';
import { fernetKeys } from '../config/policies-from-config.ts';
import { createContainer } from '../container.ts';
import { openMigratedRecords } from '../stores/records.ts';
import { recordsModule } from '../wiring/stores.ts';

/**
 * Prints the number of values under each key. Returns the exit code: 1 if there are values that no key decrypts. The
 * servers must be stopped and the schema up to date, and opening the database reports that.
 */
export async function rotateKeys(config: Config, print: (line: string) => void): Promise<number> {
  if (fernetKeys(config).length === 0) throw new ConfigError(['FERNET_KEYS: there is no key to encrypt under']);
  if (databaseOf(config).kind === 'memory')
    throw new ConfigError(['DATABASE_URL: a database in memory is gone by now']);
  const records = await openMigratedRecords(config);
  try {
    const container = await createContainer(config, recordsModule(records));
    const { foundUnder, rotated, unreadable } = await container.get(RotateKeys).execute();
    for (const [key, count] of foundUnder.entries()) print(`under key ${key + 1}: ${count}`);
    print(`brought under key 1: ${rotated}`);
    if (unreadable > 0) print(`under no key that is configured, and left as they are: ${unreadable}`);
    return unreadable > 0 ? 1 : 0;
  } finally {
    await records.close();
  }
}
