/** The schema is never changed beneath a server that does not know: commands beside one, and versions apart. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect } from 'chai';
import pg from 'pg';
import { pino } from 'pino';
import { openApplication } from '#infrastructure/application.ts';
import { loadConfig } from '#infrastructure/config/config.ts';
import { onBackends } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES } from '../../support/backends/sql-databases.ts';
import { aFernetKey } from '../../support/builders/fernet-keys.ts';
import { CLI } from '../../support/project.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { type Settings, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { MIGRATIONS, temporaryFolder } from '../../support/servers/temporary-database.ts';
import { createDatabase, dropDatabase } from '../../support/servers/temporary-postgres.ts';

const NEWEST = basename(readdirSync(MIGRATIONS).sort().at(-1) ?? '', '.ts');
const LATER = '9999-later';

onBackends('the schema', ON_SQL_DATABASES, (backend) => {
  let settings: Settings;
  let server: TestServer | undefined;

  beforeEach(async () => {
    const folder = temporaryFolder();
    const url = backend === 'postgres' ? await createDatabase() : `sqlite:${join(folder, 'app.db')}`;
    settings = { DATABASE_URL: url, SPEED_DB_PATH: join(folder, 'speed.db'), FERNET_KEYS: aFernetKey() };
    server = undefined;
  });
  afterEach(async () => {
    await server?.close();
    if (backend === 'postgres') await dropDatabase(settings.DATABASE_URL ?? '');
  });

  /** Beside the product, as another program would. */
  async function rows(sql: string): Promise<readonly object[]> {
    if (backend === 'postgres') {
      const client = new pg.Client({ connectionString: settings.DATABASE_URL });
      await client.connect();
      return (await client.query(sql).finally(() => client.end())).rows;
    }
    const database = new DatabaseSync((settings.DATABASE_URL ?? '').replace('sqlite:', ''));
    try {
      return database.prepare(sql).all();
    } finally {
      database.close();
    }
  }

  function run(...args: readonly string[]): Promise<{ code: number; said: string }> {
    const env = { PATH: process.env.PATH ?? '', ...settings };
    return new Promise((resolve) => {
      execFile(process.execPath, [CLI, ...args], { env, timeout: 30_000 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
      );
    });
  }

  const newest = async () => (await rows('SELECT MAX(name) AS name FROM applied_migrations'))[0];
  const apply = (name: string) => rows(`INSERT INTO applied_migrations (name) VALUES ('${name}') RETURNING name`);
  const ready = async () => {
    const { status, body } = (await server?.client().get('/health/ready')) ?? {};
    return { status, database: body?.checks?.database };
  };

  it('is not taken back beneath a server, whose keys are not changed either; it may be brought up beside one on PostgreSQL', async function () {
    this.timeout(60_000);
    server = await startTestServer(settings);
    for (const command of [['migrate', 'down'], ['keys:rotate']]) {
      const { code, said } = await run(...command);
      expect(code, said).to.equal(1);
      expect(said, command.join(' '))
        .to.match(/^Another Tavernkeep process is using .*(Stop it first|Stop the servers first)/)
        .and.not.to.match(/\n\s+at /);
    }
    expect(await newest()).to.include({ name: NEWEST });
    const up = await run('migrate', 'up');
    if (backend === 'postgres') expect(up).to.deep.equal({ code: 0, said: 'nothing to do\n' });
    else expect(up.said).to.contain('Stop it first');
    expect(await ready()).to.deep.equal({ status: 200, database: backend });
    await server.close();
    server = undefined;
    expect(await run('migrate', 'down')).to.deep.equal({ code: 0, said: `took back ${NEWEST}\n` });
  });

  it('of another version makes the server not ready, is not opened, and not taken back', async function () {
    this.timeout(60_000);
    server = await startTestServer(settings);
    await apply(LATER);
    expect(await ready()).to.deep.equal({ status: 503, database: 'migrated by another version' });
    await server.close();
    server = undefined;
    const opening = openApplication(
      loadConfig(settings, () => ''),
      pino({ level: 'silent' }),
    );
    expect(((await failureOf(opening)) as Error).message).to.contain(`newer Tavernkeep (${LATER})`);
    const down = await run('migrate', 'down');
    expect(down.code, down.said).to.equal(1);
    expect(down.said).to.contain(LATER);
    expect(await newest()).to.include({ name: LATER });
  });

  it('is not brought up by a rotation of keys, which says what to do first', async () => {
    const { code, said } = await run('keys:rotate');
    expect(code).to.equal(1);
    expect(said).to.match(/^DATABASE_URL: .*npm run migrate -- up/);
    expect(await newest()).to.include({ name: null });
  });
});
