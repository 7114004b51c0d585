/** From each setting to what a started server does with it: no name of the schema is without a row. */
import { expect } from 'chai';
import { parseFernetKey } from '#adapters/security/fernet.ts';
import { FernetCipher } from '#adapters/security/fernet-cipher.ts';
import type { Contexts } from '#application/conversations/ports.ts';
import { settings } from '#infrastructure/config/config.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';
import { appendUntilCompaction, talk } from '../../support/builders/long-talk.ts';
import { ADMIN, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';
import { until } from '../../support/until.ts';
import { alone, embeddings } from './wired-alone.ts';

const [FIRST, SECOND, LAST] = [aFernetKey(), aFernetKey(), aFernetKey()];
const KEEPER = { login: 'keeper@example.org', password: 'a lantern in the fen' };

/** Where a row looks: at servers that are started once each, with these settings. */
const SERVERS = {
  tuned: {
    PUBLIC_URL: 'https://tavern.example',
    CORS_ORIGINS: 'https://pages.example',
    ADMIN_EMAIL: KEEPER.login,
    ADMIN_PASSWORD: KEEPER.password,
    REGISTRATION: 'open',
    SESSION_TTL_SECONDS: '5000',
    SESSION_MAX_SECONDS: '7000',
    SESSION_TOUCH_SECONDS: '9',
    CONTEXT_TTL_SECONDS: '1',
    SESSIONS_PER_USER: '2',
    BCRYPT_COST: '5',
    FERNET_KEYS: `${FIRST},${SECOND}`,
    FERNET_KEY: LAST,
    OAUTH_RECHECK_HOURS: '7',
    RATE_LIMIT_ANONYMOUS_PER_MINUTE: '50000',
    RATE_LIMIT_ACTOR_PER_MINUTE: '60000',
    TRUST_PROXY: '1',
    MAX_MESSAGES: '900',
    CTX_MAX_TOKENS: '3000',
    COMPACT_TRIGGER_PCT: '70',
    COMPACT_TARGET_PCT: '50',
    COMPACT_STRATEGIES: 'window',
    COMPACT_KEEP_TAIL: '2',
    COMPACT_WINDOW_TURNS: '3',
    ARTIFACT_MIN_CHARS: '700',
    TOKEN_ESTIMATOR: 'cl100k_base',
    MESSAGE_MAX_CHARS: '900',
  },
  plain: { COMPACTION: 'off', CTX_MAX_TOKENS: '400', RATE_LIMIT_ANONYMOUS_PER_MINUTE: '4' },
} as const;

type Look = Readonly<{
  server: TestServer;
  /** The first admin. */
  admin: Client;
  get<T>(token: Parameters<TestServer['application']['container']['get']>[0]): T;
}>;
type Row =
  | Readonly<{ on: keyof typeof SERVERS; see(look: Look): Promise<unknown> | unknown }>
  | Readonly<{ alone(folder: string): Promise<unknown> }>
  | Readonly<{ elsewhere: string }>;

const usage = async ({ admin }: Look): Promise<Json> => {
  const thread = (await admin.post('/chat', {})).body.id;
  return (await admin.get(`/chat/${thread}/context-usage`)).body;
};
const policy = (look: Look): Json => look.get<Json>(tokens.contextSettings).policy;
const quota = (answer: { headers: Headers }) => answer.headers.get('ratelimit-policy');
const cipherOf = (...keys: readonly string[]) =>
  new FernetCipher({ keys: keys.map((key) => parseFernetKey(key) as never), clock: { now: () => new Date() } });
const lifetime = (session: Json) => (Date.parse(session.expires_at) - Date.parse(session.last_seen_at)) / 1_000;
const forged = (address: number) => ({ 'X-Forwarded-For': `203.0.113.${address}` });

const ROWS: Readonly<Record<keyof typeof settings, Row>> = {
  NODE_ENV: { elsewhere: 'config/production.test.ts: it only refuses other settings' },
  HOST: { elsewhere: 'the row of PORT' },
  PORT: { alone: alone.PORT },
  LOG_LEVEL: { elsewhere: 'the row of PORT' },
  PUBLIC_URL: {
    on: 'tuned',
    async see({ server }) {
      const headers = { Origin: 'https://tavern.example' };
      const answer = await server.client().post('/auth/login', KEEPER, headers);
      expect(answer.status).to.equal(200);
      expect(answer.headers.getSetCookie().join()).to.match(/^__Host-.*; Secure/);
    },
  },
  CORS_ORIGINS: {
    on: 'tuned',
    async see({ server }) {
      const answer = await server.client().get('/auth/me', { Origin: 'https://pages.example' });
      expect(answer.headers.get('access-control-allow-origin')).to.equal('https://pages.example');
    },
  },
  TRUST_PROXY: {
    on: 'plain',
    async see({ server }) {
      const statuses: number[] = [];
      // The admin's sign-in was the first of four requests.
      for (const address of [1, 2, 3, 4])
        statuses.push((await server.client().get('/auth/me', forged(address))).status);
      expect(statuses, 'unset: four forged addresses are one').to.deep.equal([401, 401, 401, 429]);
    },
  },
  DATABASE_URL: { alone: alone.DATABASE_URL },
  APP_DB_PATH: { alone: alone.APP_DB_PATH },
  SPEED_DB_PATH: { alone: alone.SPEED_DB_PATH },
  FILES_PATH: { alone: alone.FILES_PATH },
  URL_INGEST: { elsewhere: 'http/library/pages.test.ts starts servers with it and without' },
  REDIS_URL: { elsewhere: 'stores/redis.test.ts starts servers with it' },
  REDIS_SENTINELS: { elsewhere: 'stores/redis.test.ts starts a server with it' },
  SESSION_STORE: { alone: alone.SESSION_STORE },
  CACHE_STORE: { alone: alone.CACHE_STORE },
  CONTEXT_STORE: { alone: alone.CONTEXT_STORE },
  EVENT_BUS: { alone: alone.EVENT_BUS },
  RATE_LIMIT_STORE: { alone: alone.RATE_LIMIT_STORE },
  SQLITE_SYNCHRONOUS: { alone: alone.SQLITE_SYNCHRONOUS },
  ADMIN_EMAIL: {
    on: 'tuned',
    async see({ admin }) {
      expect((await admin.get('/auth/me')).body.user).to.include({ email: KEEPER.login });
    },
  },
  ADMIN_PASSWORD: {
    on: 'tuned',
    async see({ server }) {
      expect((await server.client().post('/auth/login', KEEPER)).status).to.equal(200);
    },
  },
  REGISTRATION: {
    on: 'tuned',
    async see({ server }) {
      const body = { email: 'new@example.org', display_name: 'New', password: 'sturdy-oak-table' };
      expect((await server.client().post('/auth/register', body)).status).to.equal(201);
    },
  },
  WORKSPACES: { elsewhere: 'test/http/workspaces/workspaces.test.ts' },
  SESSION_TTL_SECONDS: {
    on: 'tuned',
    async see({ admin }) {
      expect(lifetime((await admin.get('/auth/sessions')).body.items[0])).to.equal(5_000);
    },
  },
  SESSION_MAX_SECONDS: {
    on: 'tuned',
    see: (look) => expect(look.get<Json>(tokens.sessionLimits)).to.include({ absoluteMs: 7_000_000 }),
  },
  SESSION_TOUCH_SECONDS: {
    on: 'tuned',
    see: (look) => expect(look.get<Json>(tokens.sessionLimits)).to.include({ touchMs: 9_000 }),
  },
  SESSIONS_PER_USER: {
    on: 'tuned',
    async see({ server, admin }) {
      for (let n = 0; n < 3; n += 1) await server.client().signIn(KEEPER.login, KEEPER.password);
      expect((await admin.get('/auth/me')).status, 'the oldest of four').to.equal(401);
      await admin.signIn(KEEPER.login, KEEPER.password);
      expect((await admin.get('/auth/sessions')).body.items).to.have.length(2);
    },
  },
  LIVE_STREAMS_PER_USER: { elsewhere: 'http/conversations/live.test.ts starts a server with it' },
  THREADS_PER_USER: { elsewhere: 'http/conversations/thread-limit.test.ts starts a server with it' },
  BCRYPT_COST: {
    on: 'tuned',
    async see(look) {
      const { id } = (await look.admin.get('/auth/me')).body.user;
      expect(await look.get<Json>(tokens.passwordHashes).find(id)).to.match(/^\$2b\$05\$/);
    },
  },
  FERNET_KEYS: {
    on: 'tuned',
    see(look) {
      const encrypted = look.get<FernetCipher>(tokens.cipher).encrypt('a secret');
      expect(cipherOf(FIRST).decrypt(encrypted), 'the first encrypts').to.equal('a secret');
      for (const key of [FIRST, SECOND])
        expect(look.get<FernetCipher>(tokens.cipher).decrypt(cipherOf(key).encrypt('x')), 'all decrypt').to.equal('x');
    },
  },
  FERNET_KEY: {
    on: 'tuned',
    see(look) {
      expect(look.get<FernetCipher>(tokens.cipher).decrypt(cipherOf(LAST).encrypt('x'))).to.equal('x');
    },
  },
  OAUTH_RECHECK_HOURS: {
    on: 'tuned',
    see: (look) => expect(look.get(tokens.recheckMs)).to.equal(7 * 3_600_000),
  },
  RATE_LIMIT_ANONYMOUS_PER_MINUTE: {
    on: 'tuned',
    async see({ server }) {
      expect(quota(await server.client().get('/auth/me'))).to.contain('q=50000;');
    },
  },
  RATE_LIMIT_ACTOR_PER_MINUTE: {
    on: 'tuned',
    async see({ admin }) {
      expect(quota(await admin.get('/auth/me'))).to.contain('q=60000;');
    },
  },
  CONTEXT_TTL_SECONDS: {
    on: 'tuned',
    async see(look) {
      const thread = (await look.admin.post('/chat', {})).body.id;
      await look.admin.post(`/chat/${thread}`, { content: 'A door opens.' });
      await look.admin.get(`/chat/${thread}`);
      const contexts = look.get<Contexts>(tokens.contexts);
      expect(await contexts.find(thread)).to.include({ lastSeq: 1 });
      await until(async () => (await contexts.find(thread)) === undefined, 'the copy ends');
    },
  },
  MAX_MESSAGES: { on: 'tuned', see: async (look) => expect(await usage(look)).to.include({ max_entries: 900 }) },
  CTX_MAX_TOKENS: { on: 'tuned', see: async (look) => expect(await usage(look)).to.include({ max_tokens: 3_000 }) },
  COMPACTION: {
    on: 'plain',
    async see({ admin }) {
      const thread = (await admin.post('/chat', {})).body.id;
      for (let n = 1; n <= 3; n += 1) await admin.post(`/chat/${thread}`, { content: talk(n) });
      const { usage, compaction } = (await admin.post(`/chat/${thread}`, { content: 'x'.repeat(160) })).body;
      expect(usage.usage_pct).to.be.at.least(80);
      expect(compaction).to.equal(undefined);
      expect((await admin.post(`/chat/${thread}`, { content: talk(5) })).status).to.equal(413);
    },
  },
  COMPACT_TRIGGER_PCT: {
    on: 'tuned',
    see: async (look) => expect(await usage(look)).to.include({ next_compact_at_pct: 70 }),
  },
  COMPACT_TARGET_PCT: { on: 'tuned', see: async (look) => expect(await usage(look)).to.include({ target_pct: 50 }) },
  COMPACT_STRATEGIES: {
    on: 'tuned',
    async see({ admin }) {
      const thread = (await admin.post('/chat', {})).body.id;
      const { compaction } = await appendUntilCompaction(admin, thread);
      expect(compaction.strategies_used.map((one: Json) => one.name)).to.deep.equal(['window']);
    },
  },
  COMPACT_KEEP_TAIL: { on: 'tuned', see: (look) => expect(policy(look)).to.include({ keepTail: 2 }) },
  COMPACT_WINDOW_TURNS: { on: 'tuned', see: (look) => expect(policy(look)).to.include({ windowTurns: 3 }) },
  ARTIFACT_MIN_CHARS: { on: 'tuned', see: (look) => expect(policy(look)).to.include({ artifactMinChars: 700 }) },
  TOKEN_ESTIMATOR: {
    on: 'tuned',
    see: async (look) => expect(await usage(look)).to.include({ estimator: 'cl100k_base' }),
  },
  IMPORT_MAX_MIB: { elsewhere: 'http/conversations/import.test.ts starts a server with it' },
  MESSAGE_MAX_CHARS: {
    on: 'tuned',
    async see({ admin }) {
      const thread = (await admin.post('/chat', {})).body.id;
      const say = async (length: number) =>
        (await admin.post(`/chat/${thread}`, { content: 'x'.repeat(length) })).status;
      expect([await say(900), await say(901)]).to.deep.equal([201, 400]);
    },
  },
  LLM_BASE_URL: { elsewhere: 'http/conversations/replies.test.ts starts a server with it' },
  LLM_MODEL: { elsewhere: 'the row of LLM_BASE_URL' },
  LLM_API_KEY: { elsewhere: 'the row of LLM_BASE_URL' },
  LLM_TIMEOUT_MS: { elsewhere: 'http/conversations/reply-faults.test.ts starts a server with it' },
  LLM_REFINE: { elsewhere: 'http/conversations/refinements.test.ts starts servers with and without it' },
  ...embeddings,
};

describe('each setting is wired', function () {
  this.timeout(30_000);
  const started = new Map<string, Look>();

  after(async () => {
    for (const { server } of started.values()) await server.close();
  });

  async function lookAt(name: keyof typeof SERVERS): Promise<Look> {
    const look = started.get(name) ?? (await start(name));
    // Rows sign in too, and few sessions of a user live at a time.
    if (name === 'tuned') await look.admin.signIn(KEEPER.login, KEEPER.password);
    return look;
  }

  async function start(name: keyof typeof SERVERS): Promise<Look> {
    const server = await startTestServer(SERVERS[name]);
    const { container } = server.application;
    const look: Look = { server, admin: server.client(), get: (token) => container.get(token) as never };
    started.set(name, look);
    if (name === 'plain') await look.admin.signIn(ADMIN.login, ADMIN.password);
    return look;
  }

  it('and has a row', () => {
    expect(Object.keys(ROWS)).to.have.members(Object.keys(settings));
  });

  for (const [name, row] of Object.entries(ROWS)) {
    if ('elsewhere' in row) continue;
    it(name, async () => {
      if ('alone' in row) await row.alone(temporaryFolder());
      else await row.see(await lookAt(row.on));
    });
  }
});
