/** A Redis server of a test's own, which may be stopped, restarted, paused, flushed and filled up. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import process from 'node:process';
import { createClient } from 'redis';
import { until } from '../until.ts';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-database.ts';

const PROGRAM = 'redis-server';
const MISSING = `There is no ${PROGRAM} here. Install it, such as by "apt-get install redis-server"; one that only answers cannot be stopped.`;
/** Fast, and nothing on disk but what a test asks for. */
const OPTIONS = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
/** The name under which a sentinel of a test knows its master. */
export const MASTER_NAME = 'tavern';

let found: boolean | undefined;

export function hasRedisProgram(): boolean {
  found ??= spawnSync(PROGRAM, ['--version']).status === 0;
  return found;
}

/**
 * Declares a suite that needs a server of its own. Where there is no program for it, that is said; where Redis is
 * required, it fails.
 */
export function withOwnRedis(name: string, suite: (this: Mocha.Suite) => void): void {
  describe(name, function () {
    const required = (process.env.REQUIRE_BACKENDS ?? '').split(',').includes('redis');
    if (hasRedisProgram()) suite.call(this);
    else if (!required) it.skip(`does not run: ${MISSING}`);
    else
      it('is required', () => {
        throw new Error(MISSING);
      });
  });
}

export class OwnRedis {
  readonly folder: string;
  readonly port: number;
  readonly #options: readonly string[];
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number, options: readonly string[]) {
    this.folder = folder;
    this.port = port;
    this.#options = options;
  }

  /** Started and listening, in a folder that `remove` removes, with further options as on the command line. */
  static async start(...options: readonly string[]): Promise<OwnRedis> {
    const redis = new OwnRedis(temporaryFolder(), await freePort(), options);
    await redis.start();
    return redis;
  }

  /** One with the settings of a file, but its port and folder. */
  static async startFrom(file: string): Promise<OwnRedis> {
    const redis = new OwnRedis(temporaryFolder(), await freePort(), []);
    redis.#child = spawned([file, '--port', String(redis.port), '--dir', redis.folder]);
    await until(() => listens(redis.port), `Redis listens on port ${redis.port}`);
    return redis;
  }

  /** A sentinel that watches a master alone, and replaces it soon. */
  static async startSentinel(master: OwnRedis): Promise<OwnRedis> {
    const folder = temporaryFolder();
    const file = join(folder, 'sentinel.conf');
    const settings = [
      `monitor ${MASTER_NAME} 127.0.0.1 ${master.port} 1`,
      `down-after-milliseconds ${MASTER_NAME} 200`,
      `failover-timeout ${MASTER_NAME} 1000`,
    ];
    writeFileSync(file, settings.map((setting) => `sentinel ${setting}\n`).join(''));
    const sentinel = new OwnRedis(folder, await freePort(), []);
    sentinel.#child = spawned([file, '--sentinel', '--bind', '127.0.0.1', '--port', String(sentinel.port)]);
    await until(() => listens(sentinel.port), 'the sentinel listens');
    return sentinel;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Started and listening; perhaps still loading. */
  async start(...more: readonly string[]): Promise<void> {
    const options = [...OPTIONS, '--port', String(this.port), '--dir', this.folder, ...this.#options, ...more];
    this.#child = spawned(options);
    await until(() => listens(this.port), `Redis listens on port ${this.port}`);
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child?.kill(signal);
  }

  /** The test run may end before it does. */
  unref(): this {
    this.#child?.unref();
    return this;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** The answer to one command, over a connection of its own. */
  async ask(...words: readonly string[]): Promise<unknown> {
    const client = createClient({ url: this.url, socket: { reconnectStrategy: false } });
    client.on('error', () => {});
    await client.connect();
    try {
      return await client.sendCommand(words);
    } finally {
      client.destroy();
    }
  }

  /** Everything that is stored, as text. */
  async contents(): Promise<string> {
    const names = (await this.ask('KEYS', '*')) as string[];
    const values = names.map(async (name) => {
      const read = READ[(await this.ask('TYPE', name)) as string] ?? [];
      return [name, await this.ask(...read.map((word) => (word === 'KEY' ? name : word)))];
    });
    return JSON.stringify(await Promise.all(values));
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** How a key of each type is read as a whole. */
const READ: Readonly<Record<string, readonly string[]>> = {
  string: ['GET', 'KEY'],
  hash: ['HGETALL', 'KEY'],
  list: ['LRANGE', 'KEY', '0', '-1'],
  set: ['SMEMBERS', 'KEY'],
  zset: ['ZRANGE', 'KEY', '0', '-1', 'WITHSCORES'],
  stream: ['XRANGE', 'KEY', '-', '+'],
};

const running = new Set<ChildProcess>();

/** Not left behind by a test run that is interrupted. */
function spawned(options: readonly string[]): ChildProcess {
  if (running.size === 0) process.on('exit', killAll);
  const child = spawn(PROGRAM, [...options], { stdio: 'ignore' });
  running.add(child);
  child.once('exit', () => {
    running.delete(child);
    if (running.size === 0) process.off('exit', killAll);
  });
  return child;
}

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
