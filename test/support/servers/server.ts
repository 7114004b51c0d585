/** A whole Tavernkeep behind a real HTTP server, in memory or on files of its own, and clients to talk to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Application, openApplication } from '#infrastructure/application.ts';
import { loadConfig } from '#infrastructure/config/config.ts';
import { type RunningServer, startServer } from '#infrastructure/http/server.ts';
import { createLogger } from '#infrastructure/observability/logging.ts';
import { noteCode } from '../reporting/codes-seen.ts';
import { checkKept, noteSecrets, noteSettings } from './secret-scan.ts';
import { newPlace } from './stores.ts';

export const ADMIN = { login: 'admin@tavernkeep.local', password: 'correct-horse-9' } as const;

export type Answer = Readonly<{ status: number; headers: Headers; text: string; body: Json }>;
// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape.
export type Json = any;

export type TestServer = Readonly<{
  url: string;
  application: Application;
  /** A client without a session. */
  client(): Client;
  /** A client that is signed in as the first admin. */
  admin(): Promise<Client>;
  /** A client that is signed in as a new user with these roles. */
  user(...roles: readonly string[]): Promise<Client>;
  /** A new API token of a client who is signed in. */
  token(client: Client, ...scopes: readonly string[]): Promise<string>;
  /** The lines that it has logged, at the level `trace`. */
  logs: string[];
  close(): Promise<void>;
}>;

/** Settings of `loadConfig` on top of those that make tests fast. */
export type Settings = Readonly<Record<string, string>>;

const FAST: Settings = {
  BCRYPT_COST: '4',
  ADMIN_PASSWORD: ADMIN.password,
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: '0',
  RATE_LIMIT_ACTOR_PER_MINUTE: '0',
};

/** On a new place of the store that the suite runs on. What it kept is looked through for secrets when it ends. */
export async function startTestServer(settings: Settings = {}): Promise<TestServer> {
  const place = await newPlace();
  const given = { ...FAST, ...place.settings, ...settings };
  const logs: string[] = [];
  const logger = createLogger('trace', { write: (line) => logs.push(line) });
  const application = await openApplication(
    loadConfig(given, () => ''),
    logger,
    { checkResponses: true },
  );
  const log = application.serverLog;
  const server: RunningServer = await startServer(application.listener, '127.0.0.1', 0, { log });
  noteSettings(server.url, given);
  const client = () => new Client(server.url);
  const admin = () => client().signIn(ADMIN.login, ADMIN.password);
  let users = 0;
  return {
    url: server.url,
    application,
    client,
    admin,
    async user(...roles) {
      users += 1;
      const [email, password] = [`user${users}@example.org`, 'sturdy-oak-table'];
      const body = { email, display_name: `User ${users}`, password, roles: roles.length > 0 ? roles : ['player'] };
      const made = await (await admin()).post('/admin/users', body);
      if (made.status !== 201) throw new Error(made.text);
      return client().signIn(email, password);
    },
    async token(owner, ...scopes) {
      const issued = await owner.post('/auth/tokens', { name: 'test', scopes });
      if (issued.status !== 201) throw new Error(issued.text);
      return issued.body.token;
    },
    logs,
    async close() {
      await server.stop();
      await application.close();
      try {
        checkKept(server.url, [['the log', Buffer.from(logs.join(''))], ...(await place.kept())]);
      } finally {
        await place.remove();
      }
    },
  };
}

/** The settings of a Tavernkeep on SQLite in a new folder, and what removes the folder. */
export async function sqliteSettings(): Promise<{ settings: Settings; folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'tavernkeep-'));
  const settings = { DATABASE_URL: `sqlite:${join(folder, 'app.db')}`, SPEED_DB_PATH: join(folder, 'speed.db') };
  return { settings, folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/** Events that are followed are sent until somebody leaves; those of an answer end with it. */
function isEndless(method: string, response: Response): boolean {
  return method === 'GET' && response.headers.get('content-type') === 'text/event-stream';
}

async function leave(response: Response): Promise<string> {
  await response.body?.cancel();
  return '';
}

/** What a body says, where it is JSON. */
function sentJson(body: unknown): unknown {
  try {
    return typeof body === 'string' ? JSON.parse(body) : undefined;
  } catch {
    return undefined;
  }
}

/** Calls the API and keeps the session cookie, as a browser would. */
export class Client {
  readonly #url: string;
  cookie: string | null = null;
  /** An API token that goes with every call, in place of the cookie. */
  bearer: string | null = null;

  constructor(url: string) {
    this.#url = url;
  }

  async signIn(login: string, password: string): Promise<this> {
    const answer = await this.post('/auth/login', { login, password });
    if (answer.status !== 200) throw new Error(answer.text);
    return this;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const json: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
    return this.send('POST', path, body === undefined ? undefined : JSON.stringify(body), { ...json, ...headers });
  }

  /** Changes what it reads first, with the entity tag of that answer. */
  async change(path: string, body: unknown): Promise<Answer> {
    return this.patch(path, body, { 'If-Match': (await this.get(path)).headers.get('etag') ?? '' });
  }

  patch(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('PATCH', path, JSON.stringify(body), { 'Content-Type': 'application/json', ...headers });
  }

  put(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('PUT', path, JSON.stringify(body), { 'Content-Type': 'application/json', ...headers });
  }

  delete(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('DELETE', path, undefined, headers);
  }

  /** Sends a body as it is. A path of what stands outside the base path is taken as a whole. */
  async send(
    method: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const whole = /^\/(api|v1|mcp|health|docs|metrics)\b/.test(path) || path === '/' ? path : `/api/v1${path}`;
    const session: Record<string, string> = this.cookie === null ? {} : { Cookie: this.cookie };
    const credentials: Record<string, string> =
      this.bearer === null ? session : { Authorization: `Bearer ${this.bearer}` };
    const response = await fetch(this.#url + whole, {
      method,
      headers: { ...credentials, ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const text = isEndless(method, response) ? await leave(response) : await response.text();
    for (const set of response.headers.getSetCookie()) this.#keep(set);
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    const parsed = isJson ? JSON.parse(text) : undefined;
    noteCode(response, text);
    noteSecrets(this.#url, sentJson(body), new Headers({ ...credentials, ...headers }));
    noteSecrets(this.#url, parsed, response.headers);
    return { status: response.status, headers: response.headers, text, body: parsed };
  }

  #keep(setCookie: string): void {
    const [pair = ''] = setCookie.split(';');
    this.cookie = pair.endsWith('=') ? null : pair;
  }
}
