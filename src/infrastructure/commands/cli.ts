/** The operator's command line: `npm run migrate`, `backup`, `restore` and the others that `usage.ts` lists. */
import process from 'node:process';
import { type Config, ConfigError } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { backUp } from './back-up.ts';
import { library } from './library.ts';
import { migrate } from './migrate.ts';
import { resetAdmin } from './reset-admin.ts';
import { restore } from './restore.ts';
import { rotateKeys } from './rotate-keys.ts';
import { USAGE } from './usage.ts';
import { verifyAudit } from './verify-audit.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

/** Each command returns the exit code. */
const COMMANDS = new Map<string, (config: Config, rest: readonly string[]) => Promise<number>>([
  ['migrate', (config, rest) => migrate(config, rest, print)],
  ['backup', (config, rest) => backUp(config, rest, print)],
  ['restore', (config, rest) => restore(config, rest, print)],
  ['keys:rotate', (config) => rotateKeys(config, print)],
  ['admin:reset', (config, [login]) => resetAdmin(config, login, print)],
  ['audit:verify', (config, [noted]) => verifyAudit(config, noted, print)],
  ['library', (_, rest) => library(rest, print)],
]);

async function main(): Promise<number> {
  // Databases, their logs and locks, and the file of a password are for their owner alone.
  process.umask(0o077);
  const [command, ...rest] = process.argv.slice(2);
  const run = COMMANDS.get(command ?? '');
  if (run === undefined) {
    process.stderr.write(USAGE);
    return 1;
  }
  return run(readConfig(), rest);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // As in start.ts: an error that the operator can correct has no stack to show.
    const expected = error instanceof ConfigError || (error instanceof Error && error.constructor === Error);
    process.stderr.write(`${expected ? (error as Error).message : ((error as Error).stack ?? error)}\n`);
    process.exitCode = 1;
  },
);
