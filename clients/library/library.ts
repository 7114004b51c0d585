/** `npm run library`: puts books into the library of a server and asks them, or shows it all in memory. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { UserError } from '../replay/user-error.ts';
import { Tavernkeep, TavernkeepError } from '../sdk/sdk.ts';
import { HELP, readCommand } from './arguments.ts';
import { add, ask, list, rebuild } from './commands.ts';
import { demo } from './demo.ts';

const CLI = fileURLToPath(new URL('../../src/infrastructure/commands/cli.ts', import.meta.url));

const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(given: readonly string[]): Promise<number> {
  // Needs no server: the product reads documents itself.
  if (given[0] === 'read') return readDocuments(given);
  const command = readCommand(given, process.env);
  switch (command.name) {
    case 'demo':
      return demo(print);
    case 'list':
      return list(new Tavernkeep(command.target), print);
    case 'ask':
      return ask(new Tavernkeep(command.target), command.question, print);
    case 'add':
      return add(new Tavernkeep(command.target), command.sourceId, command.paths, print);
    case 'rebuild':
      return rebuild(new Tavernkeep(command.target), command.sourceId, print);
    case 'help':
      process.stderr.write(HELP);
      return 1;
  }
}

async function readDocuments(given: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [CLI, 'library', ...given], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isForPeople = error instanceof UserError || TavernkeepError.is(error);
    process.stderr.write(`${isForPeople ? error.message : ((error as Error).stack ?? error)}\n`);
    process.exitCode = 1;
  },
);
