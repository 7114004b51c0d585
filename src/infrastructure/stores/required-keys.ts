/** Refuses to start without encryption keys if the database contains encrypted values. */
import { type Config, ConfigError } from '../config/config.ts';
import { fernetKeys } from '../config/policies-from-config.ts';
import type { Records } from './records.ts';

/** Throws `ConfigError` if there are encrypted values and no key. Whether the keys fit is not checked. */
export async function requireKeys(config: Config, { reads }: Pick<Records, 'reads'>): Promise<void> {
  if (fernetKeys(config).length > 0 || !(await reads.encryptedValues.exist())) return;
  throw new ConfigError(['FERNET_KEYS: the database holds encrypted values; set the keys under which they were kept']);
}
