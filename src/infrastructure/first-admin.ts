/** Creates the first admin as configured, and shows their generated password to the operator once. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { EnsureFirstAdmin, FirstAdmin } from '#application/identity/users/ensure-first-admin.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { type Config, ConfigError } from './config/config.ts';
import { databaseOf } from './config/database-setting.ts';

/**
 * Creates the first admin if there is none; returns null if there is. Throws `ConfigError` if the configured e-mail
 * address or password is refused.
 */
export async function ensureFirstAdmin(ensure: EnsureFirstAdmin, config: Config): Promise<FirstAdmin | null> {
  try {
    return await ensure.execute(config.ADMIN_EMAIL, config.ADMIN_PASSWORD ?? null);
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
    throw new ConfigError([`${error.kind === 'invalid' ? 'ADMIN_PASSWORD' : 'ADMIN_EMAIL'}: ${error.message}`]);
  }
}

/**
 * Shows a generated password: prints it on a terminal, or else writes it to a file that only its owner can read,
 * because the output may be a log that others read. A database in memory has no folder for the file, so there it is
 * always printed.
 */
export function announceFirstAdmin(admin: FirstAdmin | null, config: Config): void {
  if (admin === null || admin.generatedPassword === null) return;
  const database = databaseOf(config);
  if (process.stdout.isTTY || database.kind === 'memory') {
    process.stdout.write(
      `\n  First admin: ${admin.email}\n  Password:    ${admin.generatedPassword}   (shown only now)\n\n`,
    );
    return;
  }
  const folder = dirname(database.kind === 'sqlite' ? database.file : config.SPEED_DB_PATH);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'first-admin-password.txt');
  writeFileSync(file, `${admin.email}\n${admin.generatedPassword}\n`, { mode: 0o600 });
  process.stdout.write(`The first admin is ${admin.email}; the password is in ${file}.\n`);
}
