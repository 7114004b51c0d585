/** `npm run migrate -- up|down|status`: moves the schema, or says what is left to run. */
import process from 'node:process';
import type { Config } from '../config/config.ts';
import { paths } from '../config/paths.ts';
import { openDatabase } from '../stores/records.ts';
import { USAGE } from './usage.ts';

type Say = (line: string) => void;

/** A server holds a SQLite file while it runs, so there it has to be stopped first: opening says so. Answers the exit code. */
export async function migrate(config: Config, [command, count = '1']: readonly string[], say: Say): Promise<number> {
  if (!['up', 'down', 'status'].includes(command ?? '') || !/^[1-9]\d{0,3}$/.test(count)) {
    process.stderr.write(USAGE);
    return 1;
  }
  const database = await openDatabase(config, { exclusive: false });
  try {
    const migrator = database.migrator(paths.migrations);
    if (command === 'up') report(say, 'ran', await migrator.up());
    else if (command === 'down') report(say, 'took back', await migrator.down(Number(count)));
    else report(say, 'has not run:', await migrator.pending());
    return 0;
  } finally {
    await database.close();
  }
}

function report(say: Say, done: string, names: readonly string[]): void {
  if (names.length === 0) say('nothing to do');
  for (const name of names) say(`${done} ${name}`);
}
