/** HAProxy with the project's own configuration, in front of servers of a test. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../project.ts';
import { until } from '../until.ts';
import { freePort } from './free-port.ts';
import { Client } from './server.ts';

const CONFIGURATION = join(ROOT, 'ops/proxy/haproxy.cfg');
/** Debian has it where only root looks for programs. */
const PROGRAM = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find((path) => existsSync(path)) ?? 'haproxy';
const MISSING = 'There is no HAProxy here. Install it, such as by "apt-get install haproxy".';

/**
 * Declares a suite that needs HAProxy. Where there is none, that is said; where `haproxy` is among REQUIRE_BACKENDS, it
 * fails.
 */
export function withProxy(name: string, suite: (this: Mocha.Suite) => void): void {
  describe(name, function () {
    const required = (process.env.REQUIRE_BACKENDS ?? '').split(',').includes('haproxy');
    if (spawnSync(PROGRAM, ['-v']).status === 0) suite.call(this);
    else if (!required) it.skip(`does not run: ${MISSING}`);
    else
      it('is required', () => {
        throw new Error(MISSING);
      });
  });
}

export class HaProxy {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = '';

  private constructor(port: number, environment: Readonly<Record<string, string>>) {
    this.url = `http://127.0.0.1:${port}`;
    const env = { PATH: process.env.PATH ?? '', PROXY_PORT: String(port), ...environment };
    this.#child = spawn(PROGRAM, ['-db', '-f', CONFIGURATION], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
      });
    }
    this.#ended = once(this.#child, 'close');
  }

  /** In front of up to three servers, by their urls; listening. */
  static async start(servers: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<HaProxy> {
    const named = servers.map((url, index) => [`SERVER_${index + 1}`, new URL(url).host]);
    const proxy = new HaProxy(await freePort(), { ...Object.fromEntries(named), ...environment });
    await until(async () => {
      if (proxy.#child.exitCode !== null) throw new Error(proxy.#said);
      return fetch(proxy.url).then(
        () => true,
        () => false,
      );
    }, 'the proxy listens');
    return proxy;
  }

  client(): Client {
    return new Client(this.url);
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
