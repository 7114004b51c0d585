/** A small project with the settings of this one, for planted violations that a check must find. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './project.ts';
import { linkPackages } from './trees.ts';

export type PlantedFile = Readonly<{ path: string; text: string }>;

const SETTINGS = [
  '.dependency-cruiser.cjs',
  '.gitignore',
  '.mocharc.json',
  'biome.json',
  'knip.json',
  'ops/check.ts',
  'package.json',
  'tsconfig.json',
];

/** The folders that the checks expect. */
const FOLDERS = ['src', 'migrations', 'seeders', 'clients', 'test'];

type PlantedTree = Disposable & Readonly<{ folder: string }>;

export function plant(files: readonly PlantedFile[]): PlantedTree {
  const folder = mkdtempSync(join(tmpdir(), 'tavernkeep-planted-'));
  const put = (path: string, write: (to: string) => void) => {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    write(join(folder, path));
  };
  for (const name of FOLDERS) mkdirSync(join(folder, name));
  for (const path of SETTINGS) put(path, (to) => copyFileSync(join(ROOT, path), to));
  for (const { path, text } of files) put(path, (to) => writeFileSync(to, text));
  linkPackages(folder);
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
