/** `npm run new -- use-case games/close-game`: writes the skeleton of a use case, from its route to its test. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';
import { Project } from './new/project.ts';
import { Refusal } from './new/refusal.ts';
import { newUseCase } from './new/use-case.ts';

const ROOT = join(import.meta.dirname, '..');
const USAGE = 'npm run new -- use-case <context>/<name>, such as games/close-game or identity/users/close-account';
const KINDS: Readonly<Record<string, (project: Project, path: string) => string>> = { 'use-case': newUseCase };

function main([kind = '', path = '', ...rest]: readonly string[]): void {
  const make = KINDS[kind];
  if (make === undefined) throw new Refusal(`There is no kind "${kind}"; kinds are ${Object.keys(KINDS).join(', ')}.`);
  if (path === '' || rest.length > 0) throw new Refusal('It takes one path.');
  const project = new Project(ROOT);
  const next = make(project, path);
  const { added, changed } = project.write();
  const biome = join(ROOT, 'node_modules', '.bin', 'biome');
  const { status } = spawnSync(biome, ['check', '--write', '--log-level=error', ...added, ...changed], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  for (const file of added) process.stdout.write(`new      ${file}\n`);
  for (const file of changed) process.stdout.write(`changed  ${file}\n`);
  process.stdout.write(`\n${next}\n`);
  process.exitCode = status ?? 1;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n${USAGE}\n`);
  process.exitCode = 1;
}
