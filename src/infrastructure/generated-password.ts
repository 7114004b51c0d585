/** Shows a generated password to the operator: on the terminal, or else in a file that only its owner can read. */
import { closeSync, constants, fsyncSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { Config } from './config/config.ts';
import { databaseOf } from './config/database-setting.ts';

export type GeneratedPassword = Readonly<{
  /** Whose password it is, for the text: `first admin`. */
  whose: string;
  login: string;
  password: string;
  /** The name of the file, beside the database. */
  fileName: string;
}>;

/**
 * Call it before the password is committed, so that no password is in force that nobody knows. The output may be a log
 * that others read, so the password is printed only on a terminal, for a database in memory, which has no folder for a
 * file, and on standard error where the file cannot be written. Never throws for the sake of the file.
 */
export function showPassword(generated: GeneratedPassword, config: Config, onTerminal = process.stdout.isTTY): void {
  const { whose, login } = generated;
  const database = databaseOf(config);
  if (onTerminal || database.kind === 'memory') {
    process.stdout.write(inClear(generated));
    return;
  }
  const file = join(dirname(database.kind === 'sqlite' ? database.file : config.SPEED_DB_PATH), generated.fileName);
  try {
    writePasswordFile(file, `${login}\n${generated.password}\n`);
    process.stdout.write(`The ${whose} is ${login}; the password is in ${file}.\n`);
  } catch (error) {
    process.stderr.write(`${file} cannot be written: ${(error as Error).message}\n${inClear(generated)}`);
  }
}

function inClear({ whose, login, password }: GeneratedPassword): string {
  return `\n  The ${whose}: ${login}\n  Password: ${password}   (shown only now)\n\n`;
}

/** Whatever stands there is removed first: nothing is written through a link, or into a file with others' rights. */
function writePasswordFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  rmSync(file, { force: true });
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const descriptor = openSync(file, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    writeFileSync(descriptor, text);
    fsyncSync(descriptor);
  } catch (error) {
    // Half a password would be taken for the whole.
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
