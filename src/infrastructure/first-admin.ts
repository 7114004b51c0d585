/** Creates the first admin as configured, and shows their generated password to the operator once. */
import type { EnsureFirstAdmin } from '#application/identity/users/ensure-first-admin.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { type Config, ConfigError } from './config/config.ts';
import { showPassword } from './generated-password.ts';

/** Creates the first admin if there is none. Throws `ConfigError` if the configured e-mail or password is refused. */
export async function ensureFirstAdmin(ensure: EnsureFirstAdmin, config: Config): Promise<void> {
  const show = (login: string, password: string) =>
    showPassword({ whose: 'first admin', login, password, fileName: 'first-admin-password.txt' }, config);
  try {
    await ensure.execute(config.ADMIN_EMAIL, config.ADMIN_PASSWORD ?? null, show);
  } catch (error) {
    if (!(error instanceof DomainError) || error.kind === 'unavailable') throw error;
    throw new ConfigError([`${error.kind === 'invalid' ? 'ADMIN_PASSWORD' : 'ADMIN_EMAIL'}: ${error.message}`]);
  }
}
