/** Tavernkeep as a process of its own: started, listened to, stopped or killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ADMIN, Client, type Settings } from './server.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'infrastructure', 'main.ts');

/** What starts fast and writes logs that tests can read. Nothing is inherited but the way to the programs. */
const BASE: Settings = {
  PATH: process.env.PATH ?? '',
  PORT: '0',
  BCRYPT_COST: '4',
  ADMIN_PASSWORD: ADMIN.password,
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0',
  RATE_LIMIT_ACTOR_PER_MINUTE: '0',
};

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(settings: Settings) {
    this.#child = spawn(process.execPath, [MAIN], { env: { ...BASE, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output += chunk;
        this.#child.emit('output');
      });
    }
    this.#ended = once(this.#child, 'close');
  }

  /** Started and open. Throws with what it said where it ended instead. */
  static async start(settings: Settings): Promise<ServerProcess> {
    const server = new ServerProcess(settings);
    await server.said(/"msg":"Tavernkeep is open"/);
    return server;
  }

  /** All that was said so far, on both streams. */
  get output(): string {
    return this.#output;
  }

  get url(): string {
    const url = /"url":"([^"]+)"/.exec(this.#output)?.[1];
    if (url === undefined) throw new Error(this.#output);
    return url;
  }

  client(): Client {
    return new Client(this.url);
  }

  /** Resolves once the output matches; throws with the output where the process ends first. */
  async said(pattern: RegExp): Promise<void> {
    let ended = false;
    void this.#ended.then(() => {
      ended = true;
    });
    while (!pattern.test(this.#output)) {
      if (ended) throw new Error(`The server ended: ${this.#output}`);
      await Promise.race([once(this.#child, 'output'), this.#ended]);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves with the exit code, null after a kill, once the process has ended. */
  async end(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.#ended;
  }
}
