/** Tavernkeep as a process of its own: started, listened to, stopped or killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { MAIN } from '../project.ts';
import { checkKept, filesOf, noteSettings } from './secret-scan.ts';
import { ADMIN, Client, type Settings } from './server.ts';

/** What starts fast and writes logs that tests can read. Nothing is inherited but the way to the programs. */
const BASE: Settings = {
  PATH: process.env.PATH ?? '',
  PORT: '0',
  BCRYPT_COST: '4',
  ADMIN_PASSWORD: ADMIN.password,
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0',
  RATE_LIMIT_ACTOR_PER_MINUTE: '0',
};

/** The one file that is there to tell a password. */
const GENERATED_PASSWORD = 'first-admin-password.txt';

/** Longest time from a kill until another server may be started in its place. */
const STARTED_WITHIN_MS = 10_000;

export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #settings: Settings;
  readonly #ended: Promise<unknown>;
  #output = '';

  constructor(settings: Settings) {
    this.#settings = { ...BASE, ...settings };
    this.#child = spawn(process.execPath, [MAIN], { env: this.#settings, stdio: ['ignore', 'pipe', 'pipe'] });
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

  /**
   * After a kill, as a supervisor would: tries again while PostgreSQL has not noticed that the server before is gone,
   * and still keeps its lock.
   */
  static async startAgain(settings: Settings): Promise<ServerProcess> {
    const late = AbortSignal.timeout(STARTED_WITHIN_MS);
    for (;;) {
      try {
        return await ServerProcess.start(settings);
      } catch (error) {
        if (late.aborted || !/Another Tavernkeep process/.test((error as Error).message)) throw error;
      }
    }
  }

  /** All that was said so far, on both streams. */
  get output(): string {
    return this.#output;
  }

  get url(): string {
    const url = this.#toldUrl();
    if (url === undefined) throw new Error(this.#output);
    return url;
  }

  /** Undefined where it has not come so far. */
  #toldUrl(): string | undefined {
    return /"url":"([^"]+)"/.exec(this.#output)?.[1];
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

  /**
   * Resolves with the exit code, null after a kill, once the process has ended. What it left is looked through for
   * secrets.
   */
  async end(): Promise<number | null> {
    await this.#ended;
    this.#checkKept();
    return this.#child.exitCode;
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.end();
  }

  #checkKept(): void {
    const origin = this.#toldUrl();
    if (origin === undefined) return;
    noteSettings(origin, this.#settings);
    const { SPEED_DB_PATH: speed } = this.#settings;
    const files =
      speed === undefined || !existsSync(speed)
        ? []
        : filesOf(dirname(speed)).filter(([name]) => name !== GENERATED_PASSWORD);
    checkKept(origin, [['the log', Buffer.from(this.#output)], ...files]);
  }
}
