/** A Tavernkeep in a process of its own: the real server, its defaults, and an admin who is signed in. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Background, freePort } from './children.ts';

const EMAIL = 'bench@tavernkeep.local';
const PASSWORD = 'measured side by side';
const READY_POLL_MS = 2;

/** What `npm start` gives Node. */
const AS_STARTED = ['--max-semi-space-size=4'];

export type RunningTavernkeep = Readonly<{ url: string; process: Background; msToReady: number }>;

/**
 * Starts the server on the databases of a folder, which it makes where there are none. `settings` go over those of
 * every server here.
 */
export async function startTavernkeep(
  folder: string,
  flags: string[] = AS_STARTED,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningTavernkeep> {
  const port = await freePort();
  const started = performance.now();
  const process = new Background('../src/infrastructure/main.js', {
    env: {
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      APP_DB_PATH: join(folder, 'app.db'),
      SPEED_DB_PATH: join(folder, 'speed.db'),
      SQLITE_SYNCHRONOUS: 'full',
      // Each round starts threads of its own.
      THREADS_PER_USER: '1000000',
      // The load comes from one address and one user: requests are counted as ever, and no limit is reached.
      RATE_LIMIT_ANONYMOUS_PER_MINUTE: '1000000',
      RATE_LIMIT_ACTOR_PER_MINUTE: '1000000',
      ADMIN_EMAIL: EMAIL,
      ADMIN_PASSWORD: PASSWORD,
      ...settings,
    },
    output: join(folder, 'server.log'),
    flags,
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(url, process);
  return { url, process, msToReady: performance.now() - started };
}

async function ready(url: string, process: Background): Promise<void> {
  for (;;) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
    if (answer?.status === 200) return;
    process.checkAlive();
    await sleep(READY_POLL_MS);
  }
}

/** The cookie of a new session, of the admin unless somebody else is named. */
export async function signIn(url: string, login = EMAIL, password = PASSWORD): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
  if (cookie === undefined) throw new Error(`login: ${answer.status} ${await answer.text()}`);
  return cookie;
}

/** Adds a user, as an admin with this cookie; answers their id. */
export async function addUser(url: string, cookie: string, user: object): Promise<string> {
  const answer = await fetch(`${url}/api/v1/admin/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(user),
  });
  if (answer.status !== 201) throw new Error(`user: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { id: string }).id;
}

/** Starts so many conversations; their paths. */
export async function startThreads(url: string, cookie: string, count: number): Promise<string[]> {
  const paths: string[] = [];
  for (let left = count; left > 0; left -= 1) {
    const answer = await fetch(`${url}/api/v1/chat`, { method: 'POST', headers: { cookie } });
    const { id } = (await answer.json()) as { id: string };
    paths.push(`/api/v1/chat/${id}`);
  }
  return paths;
}
