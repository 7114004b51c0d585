/** Commands for the operator: `npm run migrate -- up|down|status`, `npm run keys:rotate`, `npm run audit:verify`. */
import { existsSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { type Config, ConfigError, loadConfig } from '../config/config.ts';
import { paths } from '../config/paths.ts';
import { openDatabase } from '../stores/records.ts';
import { verifyAudit } from './audit-verification.ts';
import { rotateKeys } from './encryption.ts';

const USAGE = `npm run migrate -- up            runs every migration that has not run
npm run migrate -- down [n]      takes back the newest n migrations (1)
npm run migrate -- status        says which have not run
npm run keys:rotate              brings everything encrypted under the first of FERNET_KEYS
npm run audit:verify              finds the first broken link of the audit's chain; the server may run
npm run audit:verify -- <head>    also that the chain still goes through a head that was told before
`;

const say = (line: string) => process.stdout.write(`${line}\n`);

/** A server holds a SQLite file while it runs, so there it has to be stopped first: opening says so. */
async function migrate(config: Config, [command, count = '1']: readonly string[]): Promise<number> {
  if (!['up', 'down', 'status'].includes(command ?? '') || !/^[1-9]\d{0,3}$/.test(count)) {
    process.stderr.write(USAGE);
    return 1;
  }
  const database = await openDatabase(config, { exclusive: false });
  try {
    const migrator = database.migrator(paths.migrations);
    if (command === 'up') report('ran', await migrator.up());
    else if (command === 'down') report('took back', await migrator.down(Number(count)));
    else report('has not run:', await migrator.pending());
    return 0;
  } finally {
    await database.close();
  }
}

function report(done: string, names: readonly string[]): void {
  if (names.length === 0) say('nothing to do');
  for (const name of names) say(`${done} ${name}`);
}

const COMMANDS: Readonly<Record<string, (config: Config, rest: readonly string[]) => Promise<number>>> = {
  migrate,
  'keys:rotate': (config) => rotateKeys(config, say),
  'audit:verify': (config, [noted]) => verifyAudit(config, noted, say),
};

async function main(): Promise<number> {
  if (existsSync(paths.environment)) process.loadEnvFile(paths.environment);
  const [command, ...rest] = process.argv.slice(2);
  const run = COMMANDS[command ?? ''];
  if (run === undefined) {
    process.stderr.write(USAGE);
    return 1;
  }
  return run(
    loadConfig(process.env, (path) => readFileSync(path, 'utf8')),
    rest,
  );
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const expected = error instanceof ConfigError || (error instanceof Error && error.constructor === Error);
    process.stderr.write(`${expected ? (error as Error).message : ((error as Error).stack ?? error)}\n`);
    process.exitCode = 1;
  },
);
