/** The keys of what is kept encrypted: needed where there is something, and rotated by command. */
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import { SystemClock } from '#adapters/system/clock.ts';
import { UuidIds } from '#adapters/system/ids.ts';
import { RotateKeys } from '#application/operations/rotate-keys.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { databaseOf } from '../config/database-setting.ts';
import { fernetKeys } from '../config/policies-from-config.ts';
import { openRecords, type Records } from '../stores/records.ts';

/** Throws `ConfigError` where something is encrypted already and there is no key to read it with. */
export async function requireKeys(config: Config, { reads }: Pick<Records, 'reads'>): Promise<void> {
  if (fernetKeys(config).length > 0 || !(await reads.encryptedValues.exist())) return;
  throw new ConfigError(['FERNET_KEYS: the database holds encrypted values; set the keys under which they were kept']);
}

/**
 * Brings everything under the first key and says how many were under each. Answers the exit code: 1 where something is left that no
 * key fits. The server must be stopped; opening says so.
 */
export async function rotateKeys(config: Config, say: (line: string) => void): Promise<number> {
  if (fernetKeys(config).length === 0) throw new ConfigError(['FERNET_KEYS: there is no key to encrypt under']);
  if (databaseOf(config).kind === 'memory')
    throw new ConfigError(['DATABASE_URL: a database in memory is gone by now']);
  const records = await openRecords(config);
  try {
    const { foundUnder, rotated, unreadable } = await rotation(config, records).execute();
    for (const [key, count] of foundUnder.entries()) say(`under key ${key + 1}: ${count}`);
    say(`brought under key 1: ${rotated}`);
    if (unreadable > 0) say(`under no key that is configured, and left as they are: ${unreadable}`);
    return unreadable > 0 ? 1 : 0;
  } finally {
    await records.close();
  }
}

function rotation(config: Config, { unitOfWork }: Records): RotateKeys {
  const clock = new SystemClock();
  const cipher = new FernetCipher({ keys: fernetKeys(config), clock });
  return new RotateKeys({ unitOfWork, cipher, audit: new AuditEntries({ clock, ids: new UuidIds() }) });
}
