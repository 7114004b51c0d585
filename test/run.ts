/**
 * `npm test`: the checks, then every test. Folders or files below test/, or a title, name a part: it runs without the
 * checks. Ends with what ran and `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runChecks } from '../ops/check.ts';

const root = join(import.meta.dirname, '..');
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');

/** In this order: faults run last. */
const ALL = [
  'domain',
  'application',
  'adapters',
  'contracts',
  'architecture',
  'ops',
  'infrastructure',
  'http',
  'e2e',
  'faults',
];
/** What is quick enough to run at every change. */
const WATCHED = ['domain', 'application'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string', short: 'g' }, watch: { type: 'boolean', default: false } },
});

/** The test files of a folder or file, named from the project or from test/. */
function specOf(part: string): string {
  const path = [part, `test/${part}`].find((named) => existsSync(join(root, named)) && named.startsWith('test/'));
  if (path === undefined) return fail(`There is no ${part} below test/. Folders are ${ALL.join(', ')}.`);
  return statSync(join(root, path)).isDirectory() ? `${path.replace(/\/$/, '')}/**/*.test.ts` : path;
}

function mochaArguments(parts: readonly string[]): readonly string[] {
  return [...(values.grep === undefined ? [] : ['--grep', values.grep]), ...parts.map(specOf)];
}

function runMocha(flags: readonly string[], parts: readonly string[]): void {
  const args = [...flags, mocha, ...mochaArguments(parts)];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

function fail(why: string): never {
  process.stdout.write(`${why}\n0 passed, 1 failed\n`);
  process.exit(1);
}

const isPart = positionals.length > 0 || values.grep !== undefined || values.watch;
if (!isPart && !(await runChecks())) fail('The checks did not pass: see above.');
const named = positionals.length > 0 ? positionals : undefined;
// Mocha cannot load a changed module again: Node watches, and starts it anew.
if (values.watch) runMocha(['--watch', '--watch-preserve-output'], named ?? WATCHED);
else runMocha([], named ?? ALL);
