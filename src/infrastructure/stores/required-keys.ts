/** The keys of what is stored encrypted are needed as soon as there is something. */
import { type Config, ConfigError } from '../config/config.ts';
import { fernetKeys } from '../config/policies-from-config.ts';
import type { Records } from './records.ts';

/** Throws `ConfigError` where something is encrypted already and there is no key to read it with. */
export async function requireKeys(config: Config, { reads }: Pick<Records, 'reads'>): Promise<void> {
  if (fernetKeys(config).length > 0 || !(await reads.encryptedValues.exist())) return;
  throw new ConfigError(['FERNET_KEYS: the database holds encrypted values; set the keys under which they were kept']);
}
