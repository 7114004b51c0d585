/** The operator's command line: `npm run migrate`, `backup`, `restore` and the others that `usage.ts` lists. */
import process from 'node:process';
import { type Config, ConfigError } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { USAGE } from './usage.ts';

const print = (line: string) => process.stdout.write(`${line}\n`);

type Command = (config: Config, rest: readonly string[]) => Promise<number>;

/** Each command returns the exit code. It is loaded when it is called: most need a small part of the product. */
const COMMANDS = new Map<string, Command>([
  ['migrate', async (config, rest) => (await import('./migrate.ts')).migrate(config, rest, print)],
  ['backup', async (config, rest) => (await import('./back-up.ts')).backUp(config, rest, print)],
  ['restore', async (config, rest) => (await import('./restore.ts')).restore(config, rest, print)],
  ['keys:rotate', async (config) => (await import('./rotate-keys.ts')).rotateKeys(config, print)],
  ['admin:reset', async (config, [login]) => (await import('./reset-admin.ts')).resetAdmin(config, login, print)],
  ['audit:verify', async (config, [noted]) => (await import('./verify-audit.ts')).verifyAudit(config, noted, print)],
  ['library', async (_, rest) => (await import('./library.ts')).library(rest, print)],
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
