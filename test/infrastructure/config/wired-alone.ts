/** What settings do that a server has to itself: where it listens, and which files it opens. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { pino } from 'pino';
import { spy } from 'sinon';
import type { AdaptersInUse } from '#application/operations/ports.ts';
import { type Application, openApplication } from '#infrastructure/application.ts';
import { loadConfig } from '#infrastructure/config/config.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { freePort } from '../../support/servers/free-port.ts';
import { ServerProcess } from '../../support/servers/process.ts';
import type { Settings } from '../../support/servers/server.ts';

/** Opens an application on files, without a server, and closes it; returns what `look` sees meanwhile. */
async function seen<T>(folder: string, more: Settings, look: (application: Application) => T): Promise<T> {
  const fast = {
    BCRYPT_COST: '4',
    ADMIN_PASSWORD: 'a lantern in the fen',
    SPEED_DB_PATH: join(folder, 'speed.db'),
    ...more,
  };
  const opened = await openApplication(
    loadConfig(fast, () => ''),
    pino({ level: 'silent' }),
  );
  const found = look(opened);
  await opened.close();
  return found;
}

/** The names of the files that an application makes. */
function filesMade(folder: string, more: Settings): Promise<readonly string[]> {
  return seen(folder, more, () => readdirSync(folder));
}

/** The adapters that an application uses. */
function adaptersOf(folder: string, more: Settings): Promise<AdaptersInUse> {
  const paths = { APP_DB_PATH: join(folder, 'app.db'), ...more };
  return seen(folder, paths, ({ container }) => container.get(tokens.adapters));
}

/** Also HOST; and LOG_LEVEL, by which it says nothing at all. */
async function listensWhereItIsTold(folder: string): Promise<void> {
  const port = await freePort();
  const where = { HOST: '127.0.0.2', PORT: String(port), LOG_LEVEL: 'silent', DATABASE_URL: 'memory:' };
  const server = new ServerProcess({ ...where, SPEED_DB_PATH: join(folder, 'speed.db') });
  try {
    const live = () =>
      fetch(`http://127.0.0.2:${port}/health/live`).then(
        ({ status }) => status,
        () => 0,
      );
    let status = 0;
    for (const end = performance.now() + 9_000; status !== 200 && performance.now() < end; await sleep(20))
      status = await live();
    expect(status, server.output).to.equal(200);
    expect(await fetch(`http://127.0.0.1:${port}/health/live`).catch(() => 'refused')).to.equal('refused');
    server.signal('SIGTERM');
    expect(await server.end()).to.equal(0);
    expect(server.output).to.equal('');
  } finally {
    server.signal('SIGKILL');
  }
}

async function readsTheUrlFromAFile(folder: string): Promise<void> {
  const [database, secret] = [join(folder, 'filed.db'), join(folder, 'url')];
  writeFileSync(secret, `sqlite:${database}\n`);
  const speed = { SPEED_DB_PATH: join(folder, 'speed.db'), APP_DB_PATH: join(folder, 'other.db') };
  const server = await ServerProcess.start({ DATABASE_URL_FILE: secret, ...speed });
  try {
    expect([existsSync(database), existsSync(join(folder, 'other.db'))]).to.deep.equal([true, false]);
  } finally {
    await server.kill();
  }
}

async function opensEveryConnectionAlike(folder: string): Promise<void> {
  const executed = spy(DatabaseSync.prototype, 'exec');
  try {
    await filesMade(folder, { APP_DB_PATH: join(folder, 'app.db'), SQLITE_SYNCHRONOUS: 'normal' });
    const said = executed.args.flatMap(([sql]) => /synchronous = (\w+)/.exec(sql)?.[1]?.toLowerCase() ?? []);
    expect(new Set(said)).to.deep.equal(new Set(['normal']));
    expect(said.length, 'writer, reader, models and sessions').to.be.at.least(4);
  } finally {
    executed.restore();
  }
}

/** Each fails where its setting does nothing; `folder` is empty. */
export const alone = {
  PORT: listensWhereItIsTold,
  DATABASE_URL: readsTheUrlFromAFile,
  SQLITE_SYNCHRONOUS: opensEveryConnectionAlike,
  async APP_DB_PATH(folder: string) {
    expect(await filesMade(folder, { APP_DB_PATH: join(folder, 'records.db') })).to.include('records.db');
  },
  async SPEED_DB_PATH(folder: string) {
    const paths = { APP_DB_PATH: join(folder, 'app.db'), SPEED_DB_PATH: join(folder, 'fast.db') };
    expect(await filesMade(folder, paths)).to.include('fast.db');
  },
  async FILES_PATH(folder: string) {
    const paths = { APP_DB_PATH: join(folder, 'app.db'), FILES_PATH: join(folder, 'books') };
    expect(await filesMade(folder, paths)).to.include('books');
  },
  async SESSION_STORE(folder: string) {
    const settings = { APP_DB_PATH: join(folder, 'app.db'), SESSION_STORE: 'memory' };
    expect(await filesMade(folder, { ...settings, RATE_LIMIT_STORE: 'memory' }))
      .to.include('app.db')
      .and.not.to.include('speed.db');
    expect(await adaptersOf(folder, settings)).to.include({ sessions: 'memory', sign_in_delays: 'embedded' });
  },
  async CACHE_STORE(folder: string) {
    const adapters = await adaptersOf(folder, { CACHE_STORE: 'memory' });
    expect(adapters).to.include({ cache: 'memory', sessions: 'embedded' });
  },
  async RATE_LIMIT_STORE(folder: string) {
    const adapters = await adaptersOf(folder, { RATE_LIMIT_STORE: 'memory' });
    expect(adapters).to.include({ rate_limits: 'memory', sign_in_delays: 'memory', cache: 'embedded' });
  },
  async CONTEXT_STORE(folder: string) {
    const adapters = await adaptersOf(folder, { CONTEXT_STORE: 'memory' });
    expect(adapters).to.include({ contexts: 'memory', cache: 'embedded' });
  },
  async EVENT_BUS(folder: string) {
    const adapters = await adaptersOf(folder, { EVENT_BUS: 'memory' });
    expect(adapters).to.include({ events: 'memory', cache: 'embedded' });
  },
} as const;

/** A server has them with a server of embeddings beside it. */
export const embeddings = {
  EMBED_BASE_URL: { elsewhere: 'http/retrieval/embeddings.test.ts starts a server with it' },
  EMBED_MODEL: { elsewhere: 'the row of EMBED_BASE_URL' },
  EMBED_API_KEY: { elsewhere: 'the row of EMBED_BASE_URL' },
  EMBED_TIMEOUT_MS: { elsewhere: 'the row of EMBED_BASE_URL' },
  RETRIEVAL_FUSION: {
    alone: (folder: string) =>
      seen(folder, { RETRIEVAL_FUSION: 'rrf' }, ({ container }) =>
        expect(container.get(tokens.fusion)).to.equal('rrf'),
      ),
  },
};
