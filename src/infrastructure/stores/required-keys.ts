/** Refuses to start without encryption keys if the database contains encrypted values, and warns where it matters. */
import type { Logger } from 'pino';
import { type Config, ConfigError } from '../config/config.ts';
import { fernetKeys } from '../config/policies-from-config.ts';
import type { Records } from './records.ts';
import type { SpeedLayerChoice } from './speed-choice.ts';

/** Throws `ConfigError` if there are encrypted values and no key. Whether the keys fit is not checked. */
export async function requireKeys(config: Config, { reads }: Pick<Records, 'reads'>): Promise<void> {
  if (fernetKeys(config).length > 0 || !(await reads.encryptedValues.exist())) return;
  throw new ConfigError(['FERNET_KEYS: the database holds encrypted values; set the keys under which they were kept']);
}

/** Without keys each server makes its own, and what one begins another cannot go on with. */
export function warnOfOwnKeys(config: Config, { shared }: SpeedLayerChoice, logger: Logger): void {
  if (!shared || fernetKeys(config).length > 0) return;
  logger.warn('Several servers need the same FERNET_KEYS for sign-ins through providers and for Idempotency-Key');
}
