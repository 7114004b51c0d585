/** A copy of the tree to plant faults in, so that the tree itself is never touched. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { type Edit, planted } from './mutant.ts';

const NEVER_COPIED = ['.env', '.git', 'coverage', 'data', 'node_modules', 'bench/node_modules'];

export class TreeCopy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'tavernkeep-mutation-'));

  constructor(root: string) {
    cpSync(root, this.folder, { recursive: true, filter: (path) => !NEVER_COPIED.includes(relative(root, path)) });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Runs with the fault in its place, and restores the file whatever happens. */
  async with<T>(fault: Edit & Readonly<{ file: string }>, run: () => Promise<T>): Promise<T> {
    const path = join(this.folder, fault.file);
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, planted(source, fault));
    try {
      return await run();
    } finally {
      writeFileSync(path, source);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Does each job in one of as many copies; the copies are removed at the end, and when the process is told to end. */
export async function inCopies<Job>(
  root: string,
  workers: number,
  jobs: readonly Job[],
  work: (job: Job, copy: TreeCopy) => Promise<void>,
): Promise<void> {
  const copies = Array.from({ length: Math.min(workers, jobs.length) }, () => new TreeCopy(root));
  const remove = () => {
    for (const copy of copies) copy[Symbol.dispose]();
  };
  process.once('exit', remove);
  try {
    const waiting = jobs.values();
    await Promise.all(
      copies.map(async (copy) => {
        for (const job of waiting) await work(job, copy);
      }),
    );
  } finally {
    process.off('exit', remove);
    remove();
  }
}
