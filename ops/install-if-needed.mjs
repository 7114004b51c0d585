/**
 * Installs the packages of package-lock.json unless they are installed; runs on any Node from 20 on, without packages.
 * With `--omit=dev`, missing development packages do not count. Where the lock file has no Node for this machine, the
 * Node that is here must do.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The oldest Node that runs what the scripts start. */
const OLDEST_MAJOR = 24;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const withDev = !process.argv.includes('--omit=dev');

const locked = packagesIn(join(root, 'package-lock.json'));
const runtime = locked.find(
  ([path, { os, cpu }]) => /^node_modules\/node-[a-z0-9-]+$/.test(path) && isThisMachine(os, cpu),
);

function packagesIn(file) {
  return Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages);
}

function isThisMachine(os, cpu) {
  return [os].flat().includes(process.platform) && [cpu].flat().includes(process.arch);
}

/** What must be installed; links and what may be left out as optional do not count. */
function needed(packages) {
  const counts = ({ dev, devOptional, optional, link }) => !optional && !link && (withDev || !(dev || devOptional));
  return packages.filter(([path, entry]) => path !== '' && counts(entry));
}

function hasRuntime() {
  if (runtime === undefined) return true;
  const executable = join(root, 'node_modules', '.bin', 'node');
  if (!existsSync(executable)) return false;
  const file = join(dirname(dirname(realpathSync(executable))), 'package.json');
  return JSON.parse(readFileSync(file, 'utf8')).version === runtime[1].version;
}

function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || !hasRuntime()) return false;
  const have = new Map(packagesIn(installed).map(([path, entry]) => [path, entry.version]));
  return needed(locked).every(([path, entry]) => have.get(path) === entry.version);
}

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}

if (runtime === undefined && Number.parseInt(process.versions.node, 10) < OLDEST_MAJOR)
  fail(`There is no Node to install for ${process.platform} ${process.arch}: install Node ${OLDEST_MAJOR} yourself.`);
if (!isInstalled()) {
  process.stdout.write('Installing packages (once)…\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) fail('The packages could not be installed; what npm says above is the reason.');
}
