/** A server in memory, in a child process, for one replay. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServerTarget } from './arguments.ts';
import { UserError } from './user-error.ts';

export type OwnServer = Readonly<{ target: ServerTarget; stop(): Promise<void> }>;

const MAIN = fileURLToPath(new URL('../../src/infrastructure/main.js', import.meta.url));
const END_WITH_PARENT = new URL('./end-with-parent.ts', import.meta.url).href;
const LOGIN = 'replay@tavernkeep.local';
const START_TIMEOUT_MS = 30_000;
const POLL_MS = 25;

export async function startOwnServer(budget: number): Promise<OwnServer> {
  const port = await freePort();
  const target = { url: `http://127.0.0.1:${port}`, login: LOGIN, password: randomBytes(18).toString('base64url') };
  const child = spawn(process.execPath, ['--import', END_WITH_PARENT, MAIN], {
    env: { ...process.env, ...settings(port, budget, target.password) },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // A group of its own: Ctrl-C is for the replay, which ends its server when it no longer needs it.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  process.once('exit', () => child.kill('SIGKILL'));
  await untilOpen(child, target.url);
  return { target, stop: () => stop(child) };
}

/** Overrides settings of the environment that use files or databases; compaction settings still apply. */
function settings(port: number, budget: number, password: string): Record<string, string> {
  return {
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: String(port),
    PUBLIC_URL: '',
    TRUST_PROXY: '',
    DATABASE_URL: 'memory:',
    SESSION_STORE: 'memory',
    LOG_LEVEL: 'silent',
    ADMIN_EMAIL: LOGIN,
    ADMIN_PASSWORD: password,
    BCRYPT_COST: '4',
    CTX_MAX_TOKENS: String(budget),
    RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0',
    RATE_LIMIT_ACTOR_PER_MINUTE: '0',
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function untilOpen(child: ChildProcess, url: string): Promise<void> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await isOpen(url))) {
    const ended = child.exitCode !== null || child.signalCode !== null;
    if (!ended && performance.now() < deadline) {
      await wait(POLL_MS);
      continue;
    }
    child.kill('SIGKILL');
    const why = said.trim().replaceAll(/\s*\n\s*/g, ' ');
    throw new UserError(`The server in memory did not start: ${why === '' ? 'it said nothing in time.' : why}`);
  }
}

async function isOpen(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/health/ready`);
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else child.once('exit', () => resolve()).kill('SIGTERM');
  });
}
