/** A copy of the product without tests, benchmarks and development packages. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../project.ts';
import { copyTree } from '../trees.ts';

type Lock = Readonly<{ packages: Readonly<Record<string, Readonly<{ dev?: boolean; devOptional?: boolean }>>> }>;

export class ProductCopy {
  readonly folder = copyTree('test', 'bench');
  readonly #running: Script[] = [];

  constructor() {
    for (const path of productionPackages()) this.#link(path);
  }

  /** Starts a script of package.json. */
  script(name: string, environment: Readonly<Record<string, string>> = {}): Script {
    const { scripts } = JSON.parse(readFileSync(join(this.folder, 'package.json'), 'utf8'));
    const [program, ...args]: string[] = scripts[name].split(' ');
    if (program !== 'node') throw new Error(`${name} runs ${program}`);
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
