/** `npm test`: format, lint, types and boundaries, then every test; ends with what ran and `N passed, N failed`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

const CHECKS: readonly (readonly [string, string, ...string[]])[] = [
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['types', 'tsc', '-p', '.'],
];

/** Which tests: of one folder below test/ where it is named (`npm test http`), else all; faults run last. */
function specs(folders: readonly string[]): string[] {
  const chosen =
    folders.length > 0
      ? folders
      : ['domain', 'application', 'adapters', 'contracts', 'architecture', 'infrastructure', 'http', 'e2e', 'faults'];
  return chosen.map((folder) => `test/${folder}/**/*.test.ts`);
}

function run(command: string, ...args: string[]): boolean {
  return (
    spawnSync(bin(command), args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
  );
}

const folders = process.argv.slice(2);
for (const [what, command, ...args] of folders.length > 0 ? [] : CHECKS) {
  process.stdout.write(`${what}…\n`);
  if (!run(command, ...args)) {
    process.stdout.write(`${what}: see above.\n0 passed, 1 failed\n`);
    process.exit(1);
  }
}
process.exit(run('mocha', '--reporter', 'test/support/reporting/reporter.ts', ...specs(folders)) ? 0 : 1);
