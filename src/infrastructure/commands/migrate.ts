/** `npm run migrate -- up|down|status`: runs or reverts migrations, or lists the pending ones. */
import process from 'node:process';
import type { Config } from '../config/config.ts';
import { paths } from '../config/paths.ts';
import { openDatabase } from '../stores/records.ts';
import { USAGE } from './usage.ts';

type Print = (line: string) => void;

/**
 * Returns the exit code. `count` is the number of migrations to revert. Where a server runs, opening the database
 * refuses: on SQLite in any case, on PostgreSQL to revert, which would take tables away beneath it.
 */
export async function migrate(
  config: Config,
  [command, count = '1']: readonly string[],
  print: Print,
): Promise<number> {
  if (!['up', 'down', 'status'].includes(command ?? '') || !/^[1-9]\d{0,3}$/.test(count)) {
    process.stderr.write(USAGE);
    return 1;
  }
  const database = await openDatabase(config, command === 'down' ? 'exclusive' : 'none');
  try {
    const migrator = database.migrator(paths.migrations);
    if (command === 'up') report(print, 'ran', await migrator.up());
    else if (command === 'down') report(print, 'took back', await migrator.down(Number(count)));
    else report(print, 'has not run:', await migrator.pending());
    return 0;
  } finally {
    await database.close();
  }
}

function report(print: Print, done: string, names: readonly string[]): void {
  if (names.length === 0) print('nothing to do');
  for (const name of names) print(`${done} ${name}`);
}
