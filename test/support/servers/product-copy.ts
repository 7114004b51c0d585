/** A copy of the product without tests, benchmarks and development packages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../project.ts';
import { copyTree } from '../trees.ts';

type Lock = Readonly<{ packages: Readonly<Record<string, Readonly<{ dev?: boolean; devOptional?: boolean }>>> }>;

export class ProductCopy {
  readonly folder: string;
  readonly #running: Script[] = [];

  constructor(folder = copyTree('test', 'bench')) {
    this.folder = folder;
    for (const path of productionPackages()) this.#link(path);
  }

  /** Of these files and folders alone. */
  static of(paths: readonly string[]): ProductCopy {
    const folder = mkdtempSync(join(tmpdir(), 'tavernkeep-copy-'));
    for (const path of paths) cpSync(join(ROOT, path), join(folder, path), { recursive: true });
    return new ProductCopy(folder);
  }

  /** Starts a script of package.json. */
  script(name: string, environment: Readonly<Record<string, string>> = {}): Script {
    const { scripts } = JSON.parse(readFileSync(join(this.folder, 'package.json'), 'utf8'));
    return this.run(scripts[name].split(' '), environment);
  }

  /** Starts a command, which must be one of Node. */
  run([program, ...args]: readonly string[], environment: Readonly<Record<string, string>> = {}): Script {
    if (program !== 'node') throw new Error(`It runs ${program}`);
    const script = new Script(args, this.folder, environment);
    this.#running.push(script);
    return script;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#running.map((script) => script.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  #link(path: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(this.folder, path));
  }
}

/** The packages that `npm ci --omit=dev` installs at the top of node_modules, as far as they are installed here. */
function productionPackages(): readonly string[] {
  const { packages }: Lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && !dev && !devOptional)
    .map(([path]) => path)
    .filter((path) => existsSync(join(ROOT, path)));
}

/** A running script and its output. */
export class Script {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  output = '';

  constructor(args: readonly string[], folder: string, environment: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, args, {
      cwd: folder,
      env: { PATH: process.env.PATH, NO_COLOR: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
        this.#child.emit('said');
      });
    }
    this.#ended = once(this.#child, 'close');
  }

  /** Resolves once the output matches; throws with the output if the script ends first. */
  async said(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output);
      if (found !== null) return found;
      if (this.#child.exitCode !== null) throw new Error(`It ended: ${this.output}`);
      await Promise.race([once(this.#child, 'said'), this.#ended]);
    }
  }

  /** Resolves with the exit code once the script has ended by itself. */
  async end(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }
}
