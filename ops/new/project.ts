/** Reads and changes files of the project. Nothing is written before `write`. */
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SourceEdit } from './source-edit.ts';

export class Project {
  readonly #root: string;
  readonly #added = new Map<string, string>();
  readonly #edits = new Map<string, SourceEdit>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Returns paths relative to the root, sorted. */
  glob(pattern: string): readonly string[] {
    return globSync(pattern, { cwd: this.#root }).sort();
  }

  exists(path: string): boolean {
    return existsSync(join(this.#root, path));
  }

  add(path: string, text: string): void {
    this.#added.set(path, text);
  }

  /** Returns the one edit of a file; every call for the same file returns the same. */
  edit(path: string): SourceEdit {
    const edit = this.#edits.get(path) ?? new SourceEdit(path, readFileSync(join(this.#root, path), 'utf8'));
    this.#edits.set(path, edit);
    return edit;
  }

  write(): Readonly<{ added: readonly string[]; changed: readonly string[] }> {
    const changed = [...this.#edits].filter(([, edit]) => edit.isChanged);
    for (const [path, text] of [...this.#added, ...changed.map(([path, edit]) => [path, edit.text()] as const)]) {
      mkdirSync(dirname(join(this.#root, path)), { recursive: true });
      writeFileSync(join(this.#root, path), text);
    }
    return { added: [...this.#added.keys()], changed: changed.map(([path]) => path) };
  }
}
