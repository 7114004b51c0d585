/**
 * Installs the packages of package-lock.json unless they are installed; runs on any Node from 20 on, without packages.
 * With `--omit=dev`, missing development packages do not count.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const withDev = !process.argv.includes('--omit=dev');

/** The packages of a lock file by path, with their versions; links and what was left out as optional do not count. */
function versions(file) {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'));
  const counts = ({ dev, devOptional, optional, link }) => !optional && !link && (withDev || !(dev || devOptional));
  return Object.entries(packages).filter(([path, entry]) => path !== '' && counts(entry));
}

function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed) || !existsSync(join(root, 'node_modules', '.bin', 'node'))) return false;
  const have = new Map(versions(installed).map(([path, entry]) => [path, entry.version]));
  return versions(join(root, 'package-lock.json')).every(([path, entry]) => have.get(path) === entry.version);
}

if (!isInstalled()) {
  process.stdout.write('Installing packages (once)…\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write('The packages could not be installed; what npm says above is the reason.\n');
    process.exit(1);
  }
}
