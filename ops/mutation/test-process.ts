/** Test files, run by mocha in a process of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

type Outcome = 'passed' | 'failed' | 'hung';
export type TestRun = Readonly<{ outcome: Outcome; seconds: number; output: string }>;

/** How long tests that were told to end may take to clean up. */
const CLEAN_UP_MS = 5_000;
const KEPT_CHARACTERS = 20_000;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) signal(child, 'SIGKILL');
});
for (const told of ['SIGINT', 'SIGTERM'] as const) process.once(told, () => process.exit(1));

/** Runs files, named from the folder, up to the first failure. A run beyond the limit is ended and has hung. */
export async function runTests(
  folder: string,
  files: readonly string[],
  limitMs: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<TestRun> {
  const started = performance.now();
  const mocha = join(folder, 'node_modules', 'mocha', 'bin', 'mocha.js');
  const child = spawn(process.execPath, [mocha, '--bail', '--timeout', String(limitMs), ...files], {
    cwd: folder,
    // A group of its own, so that servers that tests have started end with it.
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_CHARACTERS);
    });
  }
  let hung = false;
  const interrupt = setTimeout(() => {
    hung = true;
    signal(child, 'SIGINT');
  }, limitMs);
  const kill = setTimeout(() => signal(child, 'SIGKILL'), limitMs + CLEAN_UP_MS);
  const [code] = await once(child, 'exit');
  clearTimeout(interrupt);
  clearTimeout(kill);
  signal(child, 'SIGKILL');
  running.delete(child);
  const seconds = (performance.now() - started) / 1_000;
  return { outcome: hung ? 'hung' : code === 0 ? 'passed' : 'failed', seconds, output };
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // Nobody of the group is left.
  }
}

/** What tests read from beside the tree, where a copy has no neighbours. */
export function environmentFor(root: string): NodeJS.ProcessEnv {
  const data = join(root, '..', 'shared', 'data');
  return process.env.TAVERNKEEP_TEST_DATA === undefined && existsSync(data) ? { TAVERNKEEP_TEST_DATA: data } : {};
}
