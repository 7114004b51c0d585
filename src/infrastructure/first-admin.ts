/** Tells the operator the password of the first admin, once. */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { FirstAdmin } from '#application/identity/ensure-first-admin.ts';
import type { Config } from './config.ts';
import { databaseOf } from './records.ts';

/** On a terminal it is printed. Where output goes to a log, it goes to a file that only its owner can read instead. */
export function announceFirstAdmin(admin: FirstAdmin | null, config: Config): void {
  if (admin === null || admin.generatedPassword === null) return;
  const database = databaseOf(config);
  if (process.stdout.isTTY || database === 'memory') {
    process.stdout.write(
      `\n  First admin: ${admin.email}\n  Password:    ${admin.generatedPassword}   (shown only now)\n\n`,
    );
    return;
  }
  const file = join(dirname(database.file), 'first-admin-password.txt');
  writeFileSync(file, `${admin.email}\n${admin.generatedPassword}\n`, { mode: 0o600 });
  process.stdout.write(`The first admin is ${admin.email}; the password is in ${file}.\n`);
}
