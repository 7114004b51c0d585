/** A PostgreSQL server of a test's own, which may be stopped, restarted, paused and filled up. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';

const run = promisify(execFile);

const VERSIONS = '/usr/lib/postgresql';
const PROGRAMS = ['initdb', 'postgres', 'pg_ctl'];

/**
 * Where the newest server's programs are, as Debian has them, else on the way to all programs; undefined where there
 * are none.
 */
function postgresPrograms(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS) : [];
  const folders = versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(VERSIONS, version, 'bin'));
  const everywhere = [...folders, ...(process.env.PATH ?? '').split(delimiter)];
  return everywhere.find((folder) => PROGRAMS.every((program) => existsSync(join(folder, program))));
}

const MISSING = `There are no programs of a PostgreSQL server here (${PROGRAMS.join(', ')}): neither in ${VERSIONS}/<version>/bin nor on PATH. Install them, such as by "apt-get install postgresql"; one that only answers cannot be stopped.`;

/**
 * Declares a suite that needs a server of its own. Where there are no programs for it, that is said; where PostgreSQL
 * is required, it fails.
 */
export function withOwnPostgres(name: string, suite: (this: Mocha.Suite) => void): void {
  describe(name, function () {
    const required = (process.env.REQUIRE_BACKENDS ?? '').split(',').includes('postgres');
    if (postgresPrograms() !== undefined) suite.call(this);
    else if (!required) it.skip(`does not run: ${MISSING}`);
    else
      it('is required', () => {
        throw new Error(MISSING);
      });
  });
}

export type StopMode = 'fast' | 'immediate';

export class PostgresCluster {
  readonly #programs: string;
  readonly #folder: string;
  readonly #port: number;
  readonly #maxConnections: number;

  private constructor(programs: string, folder: string, port: number, maxConnections: number) {
    this.#programs = programs;
    this.#folder = folder;
    this.#port = port;
    this.#maxConnections = maxConnections;
  }

  /** Made and started, in a folder that `remove` removes. */
  static async start(maxConnections = 40): Promise<PostgresCluster> {
    const programs = postgresPrograms();
    if (programs === undefined) throw new Error(MISSING);
    const folder = await mkdtemp(join(tmpdir(), 'tavernkeep-postgres-'));
    if (process.getuid?.() === 0) await chown(folder, Number((await run('id', ['-u', 'postgres'])).stdout), -1);
    const cluster = new PostgresCluster(programs, folder, await freePort(), maxConnections);
    await cluster.#program('initdb', '-D', cluster.#data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale');
    await cluster.start();
    return cluster;
  }

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.#port}/postgres`;
  }

  async start(): Promise<void> {
    const options = `-p ${this.#port} -k ${this.#folder} -c listen_addresses=127.0.0.1 -c max_connections=${this.#maxConnections}`;
    await this.#program('pg_ctl', '-D', this.#data, '-l', join(this.#folder, 'log'), '-o', options, '-w', 'start');
  }

  async stop(mode: StopMode): Promise<void> {
    await this.#program('pg_ctl', '-D', this.#data, '-m', mode, '-w', 'stop');
  }

  /** Halts every process of the server, or lets them go on: connections stay open, and nothing answers. */
  async signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const [postmaster = ''] = (await readFile(join(this.#data, 'postmaster.pid'), 'utf8')).split('\n');
    const children = await run('ps', ['-o', 'pid=', '--ppid', postmaster]);
    for (const pid of [postmaster, ...children.stdout.trim().split(/\s+/)]) process.kill(Number(pid), signal);
  }

  async remove(): Promise<void> {
    await this.stop('immediate').catch(() => {});
    await rm(this.#folder, { recursive: true, force: true });
  }

  get #data(): string {
    return join(this.#folder, 'data');
  }

  /** The server refuses to run as root. */
  async #program(name: string, ...options: readonly string[]): Promise<void> {
    const program = join(this.#programs, name);
    if (process.getuid?.() !== 0) await run(program, [...options], { cwd: this.#folder });
    else await run('runuser', ['-u', 'postgres', '--', program, ...options], { cwd: this.#folder });
  }
}
