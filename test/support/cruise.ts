/** The imports of a tree, as dependency-cruiser finds them. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './project.ts';

export type CruisedModule = Readonly<{ source: string; dependencies: readonly Readonly<{ resolved: string }>[] }>;

export type CruiseReport = Readonly<{
  modules: readonly CruisedModule[];
  summary: Readonly<{ violations: readonly Readonly<{ rule: Readonly<{ name: string }>; from: string }>[] }>;
}>;

/** The folders of the product. */
export const CRUISED = ['src', 'migrations', 'seeders', 'clients', 'ops'];

let project: CruiseReport | undefined;

/** The imports of this project, which are looked at once in a run. */
export function cruisedProject(): CruiseReport {
  project ??= cruise(ROOT, ...CRUISED);
  return project;
}

export function cruise(folder: string, ...paths: readonly string[]): CruiseReport {
  const depcruise = join(ROOT, 'node_modules', '.bin', 'depcruise');
  const { stdout } = spawnSync(depcruise, ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...paths], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
