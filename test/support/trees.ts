/** Copies of the project, for tests that remove or add files. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from './project.ts';

const NEVER_COPIED = ['.env', '.git', 'coverage', 'data', 'node_modules', 'bench/node_modules'];

/** Returns the folder of a new copy without packages. The caller removes it. */
export function copyTree(...leftOut: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'tavernkeep-copy-'));
  const excluded = [...NEVER_COPIED, ...leftOut];
  cpSync(ROOT, folder, { recursive: true, filter: (path) => !excluded.includes(relative(ROOT, path)) });
  return folder;
}

/** Sources of a copy that this project does not have, or has with another text. */
export function changedFiles(folder: string): readonly string[] {
  const sources = ['src', 'test'].flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).map((path) => join(name, path)),
  );
  const isChanged = (path: string) =>
    !existsSync(join(ROOT, path)) || !readFileSync(join(ROOT, path)).equals(readFileSync(join(folder, path)));
  return sources.filter((path) => path.endsWith('.ts') && isChanged(path));
}

/** Links all packages into a folder; caches are not shared. */
export function linkPackages(folder: string): void {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '.cache') symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
  }
}
