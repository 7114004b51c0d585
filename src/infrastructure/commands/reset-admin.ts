/** `npm run admin:reset`: a new password for an admin who is locked out. */
import { ResetAdmin, type ResetOutcome } from '#application/identity/users/reset-admin.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { databaseOf } from '../config/database-setting.ts';
import { createContainer } from '../container.ts';
import { showPassword } from '../generated-password.ts';
import { openMigratedRecords } from '../stores/records.ts';
import { recordsModule } from '../wiring/stores.ts';

const REFUSED: Readonly<Record<Exclude<ResetOutcome, 'done'>, string>> = {
  several: 'There are several active admins. Say whose password: npm run admin:reset -- <e-mail or username>',
  unknown: 'There is no such user.',
  no_admin: 'This user is no admin, and there is an active one. Reset that one, who can make this user an admin.',
};

/**
 * Returns the exit code. The servers must be stopped and the schema up to date, and opening the database reports that.
 */
export async function resetAdmin(
  config: Config,
  login: string | undefined,
  print: (line: string) => void,
): Promise<number> {
  if (databaseOf(config).kind === 'memory')
    throw new ConfigError(['DATABASE_URL: a database in memory is gone by now']);
  const records = await openMigratedRecords(config);
  try {
    const container = await createContainer(config, recordsModule(records));
    const show = (shown: string, password: string) =>
      showPassword({ whose: 'admin', login: shown, password, fileName: 'reset-admin-password.txt' }, config);
    const outcome = await container.get(ResetAdmin).execute(login ?? null, config.ADMIN_EMAIL, show);
    if (outcome === 'done') return 0;
    print(REFUSED[outcome]);
    return 1;
  } finally {
    await records.close();
  }
}
