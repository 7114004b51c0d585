/**
 * `npm test`: runs the checks, then all tests. With folders or files below test/, or with `--grep <title>`, it runs
 * only those tests, without the checks. Ends with the backends that ran and `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runChecks } from '../ops/check.ts';

const root = join(import.meta.dirname, '..');
const mocha = join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');

/**
 * All tests, as two parts of about the same length: they run side by side where there is a processor for each. What
 * `http` provokes is counted in `http`, so that it stays whole.
 */
const PARTS = [
  ['domain', 'application', 'adapters', 'architecture', 'ops', 'clients', 'e2e', 'faults'],
  ['http', 'infrastructure', 'contracts'],
];
const ALL = PARTS.flat();
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

type Result = Readonly<{ output: string; passed: number; failed: number }>;

/** What a part says at its end. One that does not get there, or ends with an error without saying why, has failed. */
function resultOf(output: string, status: number | null): Result {
  const [, passed = 0, failed = 1] = /(\d+) passed, (\d+) failed\n$/.exec(output) ?? [];
  return { output, passed: Number(passed), failed: status === 0 ? Number(failed) : Math.max(1, Number(failed)) };
}

/** Runs a part in a process of its own. Only one of them is shown as it runs. */
function runPart(folders: readonly string[], shown: boolean): Promise<Result> {
  const child = spawn(process.execPath, [mocha, ...mochaArguments(folders)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (shown) process.stdout.write(text);
    });
  }
  return new Promise((resolve) => child.once('close', (status) => resolve(resultOf(output, status))));
}

async function runInParts(): Promise<void> {
  const results = await Promise.all(PARTS.map((folders, index) => runPart(folders, index === 0)));
  for (const { output } of results.slice(1)) process.stdout.write(output);
  const [passed, failed] = [sumOf(results, 'passed'), sumOf(results, 'failed')];
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function sumOf(results: readonly Result[], of: 'passed' | 'failed'): number {
  return results.reduce((sum, result) => sum + result[of], 0);
}

function fail(why: string): never {
  process.stdout.write(`${why}\n0 passed, 1 failed\n`);
  process.exit(1);
}

// Most of what a short process does is compiling; a coverage would miss what comes from the cache.
if (process.env.NODE_V8_COVERAGE === undefined)
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'tavernkeep');

const isPart = positionals.length > 0 || values.grep !== undefined || values.watch;
if (!isPart && !(await runChecks())) fail('The checks did not pass: see above.');
const named = positionals.length > 0 ? positionals : undefined;
// Mocha cannot reload ES modules: Node watches the files and restarts it.
if (values.watch) runMocha(['--watch', '--watch-preserve-output'], named ?? WATCHED);
else if (isPart || availableParallelism() === 1) runMocha([], named ?? ALL);
else await runInParts();
