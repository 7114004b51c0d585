/**
 * `npm test`: runs the checks, then all tests. With folders or files below test/, or with `--grep <title>`, it runs
 * only those tests, without the checks. Ends with the backends that ran and `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runChecks } from '../ops/check.ts';

const root = join(import.meta.dirname, '..');
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');

/** In the order in which they run. */
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
/** Fast enough to run at every change. */
const WATCHED = ['domain', 'application'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grep: { type: 'string', short: 'g' }, watch: { type: 'boolean', default: false } },
});

/** Returns mocha's pattern for a folder or file, named relative to the project or to test/. */
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
  const { status, signal } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (signal !== null) fail(`The tests were ended by ${signal}.`);
  process.exitCode = status ?? 1;
}

function fail(why: string): never {
  process.stdout.write(`${why}\n0 passed, 1 failed\n`);
  process.exit(1);
}

const isPart = positionals.length > 0 || values.grep !== undefined || values.watch;
if (!isPart && !(await runChecks())) fail('The checks did not pass: see above.');
const named = positionals.length > 0 ? positionals : undefined;
// Mocha cannot reload ES modules: Node watches the files and restarts it.
if (values.watch) runMocha(['--watch', '--watch-preserve-output'], named ?? WATCHED);
else runMocha([], named ?? ALL);
