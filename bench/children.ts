/** Starts what is measured in processes of its own, and talks with it. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What each process of ours and of the peers is told about where it runs. */
const ENVIRONMENT = { PATH: process.env.PATH, NODE_ENV: 'production', MASTRA_TELEMETRY_DISABLED: 'true' };

const running = new Set<ChildProcess>();

/** What is measured ends with the bench, also where that is interrupted. */
function endingWithUs(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** A folder on the disk of `TMPDIR` that is gone afterwards. A disk in memory would make every commit free. */
export async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tavernkeep-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** A child that answers each question with one message. Its first message says that it is ready. */
export class Answering<Question extends object, Answer> {
  readonly #child: ChildProcess;
  readonly #first: Promise<unknown>;

  constructor(script: string, args: readonly string[] = []) {
    this.#child = endingWithUs(fork(join(import.meta.dirname, script), args, { env: ENVIRONMENT }));
    this.#first = this.#next();
    // It may end before anybody waits for it.
    this.#first.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid!;
  }

  ready<First>(): Promise<First> {
    return this.#first as Promise<First>;
  }

  ask(question: Question): Promise<Answer> {
    this.#child.send(question);
    return this.#next();
  }

  close(): void {
    this.#child.kill();
  }

  #next<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null) => reject(new Error(`${this.#child.spawnargs[1]} ended with ${code}`));
      this.#child.once('exit', onExit);
      this.#child.once('message', (message) => {
        this.#child.off('exit', onExit);
        resolve(message as T);
      });
    });
  }
}

/** A process that runs in the background and writes what it prints into a file. */
export class Background {
  readonly #child: ChildProcess;
  readonly #output: string;

  constructor(script: string, options: Readonly<{ env: Record<string, string>; output: string; flags?: string[] }>) {
    const output = openSync(options.output, 'a');
    this.#output = options.output;
    const args = [...(options.flags ?? []), join(import.meta.dirname, script)];
    const env = { ...ENVIRONMENT, ...options.env };
    this.#child = endingWithUs(spawn(process.execPath, args, { env, stdio: ['ignore', output, output] }));
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Throws, with what it printed, where it has ended. */
  checkAlive(): void {
    if (this.#child.exitCode !== null) throw new Error(readFileSync(this.#output, 'utf8').slice(-2_000));
  }

  /** Megabytes of memory that it holds (RSS). */
  memoryMb(): number {
    const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, 'utf8'));
    return Number(line?.[1]) / 1024;
  }

  /** Asks it to stop, and waits until it has. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }
}
