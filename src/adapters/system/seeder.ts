/** Runs the seeders, which create the records of every installation, such as built-in roles, on any store. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';

type Direction = 'up' | 'down';
type Seed<Repos> = Record<Direction, (parameters: { context: Repos }) => Promise<void>>;

/** Runs the files of a folder in the order of their names, each in its own unit of work. Seeders must be idempotent. */
export class Seeder<Repos> {
  readonly #folder: string;
  readonly #unitOfWork: UnitOfWork<Repos>;

  constructor(deps: Readonly<{ folder: string; unitOfWork: UnitOfWork<Repos> }>) {
    this.#folder = deps.folder;
    this.#unitOfWork = deps.unitOfWork;
  }

  /** Runs all seeders. Returns their names in the order in which they ran. */
  up(): Promise<readonly string[]> {
    return this.#run('up', (files) => files);
  }

  /** Reverts all seeders, the last one first. Returns their names in that order. */
  down(): Promise<readonly string[]> {
    return this.#run('down', (files) => files.reverse());
  }

  async #run(direction: Direction, ordered: (files: string[]) => string[]): Promise<readonly string[]> {
    const files = (await readdir(this.#folder)).filter((file) => file.endsWith('.ts')).sort();
    const names: string[] = [];
    for (const file of ordered(files)) {
      const seed: Seed<Repos> = await import(pathToFileURL(join(this.#folder, file)).href);
      await this.#unitOfWork.run((context) => seed[direction]({ context }));
      names.push(file.slice(0, -'.ts'.length));
    }
    return names;
  }
}
