/** `npm run check`: format, lint, sizes, types, boundaries and unused exports, all in parallel. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

type Check = Readonly<{ what: string; command: string; args: readonly string[] }>;

const ROOT = join(import.meta.dirname, '..');
const CRUISED = ['src', 'migrations', 'seeders', 'clients', 'ops'];

const CHECKS: readonly Check[] = [
  { what: 'format, lint, sizes', command: 'biome', args: ['check', '--error-on-warnings', '.'] },
  {
    what: 'types',
    command: 'tsc',
    args: ['-p', '.', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc.tsbuildinfo'],
  },
  { what: 'boundaries', command: 'depcruise', args: ['--config', '.dependency-cruiser.cjs', ...CRUISED] },
  { what: 'unused exports', command: 'knip', args: ['--treat-config-hints-as-errors'] },
];

/** Prints the result of each check, with its output if it failed. Resolves with whether all of them passed. */
export async function runChecks(): Promise<boolean> {
  const results = await Promise.all(CHECKS.map(run));
  return results.every((passed) => passed);
}

async function run({ what, command, args }: Check): Promise<boolean> {
  const started = performance.now();
  const { passed, output } = await outcomeOf(command, args);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stdout.write(`${passed ? '✓' : '✗'} ${what} (${seconds} s)\n${passed ? '' : output}`);
  return passed;
}

function outcomeOf(command: string, args: readonly string[]): Promise<{ passed: boolean; output: string }> {
  const program = join(ROOT, 'node_modules', '.bin', command);
  const child = spawn(program, args, { cwd: ROOT, shell: process.platform === 'win32' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve({ passed: code === 0, output }));
  });
}

if (import.meta.main && !(await runChecks())) process.exitCode = 1;
