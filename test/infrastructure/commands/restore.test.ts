/** `npm run restore`: what cannot be restored changes nothing, and what was there before is kept. */
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { restore } from '#infrastructure/commands/restore.ts';
import { ConfigError, loadConfig } from '#infrastructure/config/config.ts';
import { onBackends } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES, type SqlDatabase } from '../../support/backends/sql-databases.ts';
import { aThreadOf } from '../../support/builders/window-changes.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { backUp, runCommand } from '../../support/servers/command.ts';
import { type Json, startTestServer } from '../../support/servers/server.ts';
import { SqlPlace } from '../../support/servers/sql-place.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';
import { openTemporaryRedis, redisAnswers } from '../../support/servers/temporary-redis.ts';

/** Changes a file, as somebody would who keeps the sums in step. */
function rewrite(backup: string, change: (manifest: Json) => void): void {
  const path = join(backup, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  change(manifest);
  for (const file of manifest.files) {
    const bytes = readFileSync(join(backup, file.name));
    file.bytes = bytes.length;
    file.sha256 = createHash('sha256').update(bytes).digest('hex');
  }
  writeFileSync(path, JSON.stringify(manifest));
}

onBackends('a restore', ON_SQL_DATABASES, (backend) => {
  let place: SqlPlace;
  let backups: string;

  beforeEach(async () => {
    [place, backups] = [await SqlPlace.create(backend), temporaryFolder()];
  });
  afterEach(() => place.remove());

  const content = backend === 'sqlite' ? 'app.db' : 'messages.ndjson';
  const query = ({ sequelize }: SqlDatabase, sql: string) => sequelize.query(sql);
  const run = (...args: readonly string[]) => runCommand(place.settings, 'restore', ...args);

  /** Refused in words, which the command line shows without a stack, and with nothing changed. */
  async function refuses(backup: string, words: RegExp, ...flags: readonly string[]): Promise<void> {
    const before = [await place.rows(), readdirSync(place.folder)];
    const config = loadConfig(place.settings, () => '');
    const error = await failureOf(restore(config, [backup, ...flags], () => {}));
    expect((error as Error).message).to.match(words);
    expect((error as Error).constructor).to.be.oneOf([Error, ConfigError]);
    expect([await place.rows(), readdirSync(place.folder)]).to.deep.equal(before);
  }

  it('takes the place of a database only where that is asked for, and keeps it under the name that it tells', async function () {
    this.timeout(60_000);
    await place.use((database) => aThreadOf(database.stores(), 3));
    const rows = await place.rows();
    const backup = await backUp(place.settings, backups);
    await place.use((database) => aThreadOf(database.stores(), 5));
    await refuses(backup, /^DATABASE_URL: there is a database already\. Say --replace/);
    const { code, said } = await run(backup, '--replace');
    expect(code, said).to.equal(0);
    expect(await place.rows()).to.deep.equal(rows);
    const kept = /kept as (?:schema )?(\S+)/.exec(said)?.[1] ?? '';
    const count = (await place.use((database) => countIn(kept, database))) as readonly Json[];
    expect(Number(count[0].count)).to.equal(8);
    await goBack(kept);
    expect((await place.rows()).messages).to.have.length(8);
  });

  /** Backs up what was put aside, and restores that. */
  async function goBack(kept: string): Promise<void> {
    const { DATABASE_URL: url = '' } = place.settings;
    const aside =
      backend === 'postgres' ? `${url}?options=-c%20search_path%3D${kept}` : `sqlite:${join(place.folder, kept)}`;
    const backup = await backUp({ ...place.settings, DATABASE_URL: aside }, backups);
    const { code, said } = await run(backup, '--replace');
    expect(code, said).to.equal(0);
  }

  /** The number of messages in what was put aside. */
  async function countIn(kept: string, database: SqlDatabase): Promise<unknown> {
    if (backend === 'postgres') return (await query(database, `SELECT COUNT(*) AS count FROM ${kept}.messages`))[0];
    await query(database, `ATTACH '${join(place.folder, kept)}' AS kept`);
    return (await query(database, 'SELECT COUNT(*) AS count FROM kept.messages'))[0];
  }

  it('refuses what is damaged, cut, missing or foreign', async function () {
    this.timeout(120_000);
    await place.use((database) => aThreadOf(database.stores(), 3));
    const backup = await backUp(place.settings, backups);
    const copy = join(backups, 'copy');
    const spoilt = async (words: RegExp, spoil: () => void) => {
      rmSync(copy, { recursive: true, force: true });
      cpSync(backup, copy, { recursive: true });
      spoil();
      await refuses(copy, words, '--replace');
    };
    const file = join(copy, content);
    const damaged = new RegExp(`^The backup cannot be restored: ${content} is damaged`);
    await spoilt(damaged, () => {
      const bytes = readFileSync(file);
      bytes[bytes.length >> 1]! ^= 1;
      writeFileSync(file, bytes);
    });
    await spoilt(damaged, () => truncateSync(file, statSync(file).size - 1));
    await spoilt(damaged, () => appendFileSync(file, '\n'));
    await spoilt(/cannot be read \(ENOENT\)/, () => rmSync(file));
    await spoilt(/is no backup, or one that was cut short/, () => rmSync(join(copy, 'manifest.json')));
    const manifest = join(copy, 'manifest.json');
    await spoilt(/manifest\.json is damaged/, () => truncateSync(manifest, statSync(manifest).size >> 1));
    await spoilt(/manifest\.json is damaged/, () => writeFileSync(manifest, '{"name": "something else"}'));
    await spoilt(/manifest\.json is damaged/, () => {
      const given = JSON.parse(readFileSync(manifest, 'utf8'));
      writeFileSync(manifest, JSON.stringify({ ...given, files: [{ ...given.files[0], name: '../app.db' }] }));
    });
    await spoilt(/is not 0001-identity/, () =>
      rewrite(copy, (given) => {
        given.newest_migration = '0001-identity';
      }),
    );
    await spoilt(/messages has 3 rows, and 4 were written/, () =>
      rewrite(copy, (given) => {
        given.rows.messages = 4;
      }),
    );
    await refuses(backups, /is no backup/, '--replace');
  });

  it('refuses what is of a newer version or of another kind of database', async () => {
    await place.rows();
    const backup = await backUp(place.settings, backups);
    rewrite(backup, (manifest) => {
      manifest.newest_migration = '9999-later';
    });
    await refuses(backup, /newer Tavernkeep \(.*9999-later\)\. Restore it with that one/, '--replace');
    rewrite(backup, (manifest) => {
      manifest.database = backend === 'sqlite' ? 'postgres' : 'sqlite';
    });
    await refuses(backup, new RegExp(`DATABASE_URL: it is ${backend}, and the backup is of `), '--replace');
  });

  it('refuses threads with gaps, and an audit that was tampered with', async function () {
    this.timeout(60_000);
    await place.use(async (database) => {
      const { thread } = await aThreadOf(database.stores(), 3);
      await query(database, `DELETE FROM messages WHERE thread_id = '${thread.id}' AND seq = 2`);
    });
    await refuses(await backUp(place.settings, backups), /threads with messages or a revision missing: 1/, '--replace');
    await place.use(async (database) => {
      await query(database, 'DELETE FROM threads');
      await query(database, "UPDATE audit_heads SET place = 7, hash = 'abc'");
    });
    rmSync(backups, { recursive: true });
    await refuses(await backUp(place.settings, backups), /its audit is broken at place 1/, '--replace');
  });

  it('needs the servers stopped, which a backup does not', async function () {
    this.timeout(60_000);
    const server = await startTestServer(place.settings);
    try {
      const backup = await backUp(place.settings, backups);
      const { code, said } = await run(backup, '--replace');
      expect(code, said).to.equal(1);
      expect(said).to.match(/^Another Tavernkeep process is using .*(Stop it first|Stop the servers first)/);
      expect((await server.client().get('/health/ready')).status).to.equal(200);
    } finally {
      await server.close();
    }
  });

  it('needs those servers stopped too that share the database', async function () {
    if (backend !== 'postgres') this.skip();
    await place.rows();
    const backup = await backUp(place.settings, backups);
    const shared = await PostgresDatabase.open({ url: place.settings.DATABASE_URL ?? '', lock: 'shared' });
    try {
      expect((await run(backup, '--replace')).said).to.match(/^Another Tavernkeep process is using/);
    } finally {
      await shared.close();
    }
  });

  it('ends every session', async function () {
    this.timeout(60_000);
    const server = await startTestServer(place.settings);
    const { cookie } = await server.admin();
    const backup = await backUp(place.settings, backups);
    await server.close();
    expect((await run(backup, '--replace')).said).to.match(/\neverybody signs in anew\n$/);
    const again = await startTestServer(place.settings);
    const client = again.client();
    client.cookie = cookie;
    const { status } = await client.get('/auth/me');
    await again.close();
    expect(status).to.equal(401);
  });

  it('clears what is ours from Redis first, and restores nothing where that cannot be had', async function () {
    this.timeout(60_000);
    if (!(await redisAnswers())) this.skip();
    const redis = await openTemporaryRedis();
    try {
      await place.use((database) => aThreadOf(database.stores(), 3));
      const backup = await backUp(place.settings, backups);
      for (const key of ['sess:1', 'ctx:thr_1', 'cache:permissions:usr_1', 'somebody:else'])
        await redis.connection.command('SET', key, 'x');
      const before = await place.rows();
      const away = loadConfig({ ...place.settings, REDIS_URL: 'redis://127.0.0.1:1' }, () => '');
      const refused = (await failureOf(restore(away, [backup, '--replace'], () => {}))) as Error;
      expect(refused.message).to.contain('REDIS_URL: Redis must be cleared').and.to.contain('nothing listens there');
      expect(await place.rows()).to.deep.equal(before);
      const there = loadConfig({ ...place.settings, REDIS_URL: redis.url }, () => '');
      expect(await restore(there, [backup, '--replace'], () => {})).to.equal(0);
      expect(await redis.connection.command('KEYS', '*')).to.deep.equal(['somebody:else']);
    } finally {
      await redis.close();
    }
  });
});

describe('a restore over what is damaged', () => {
  it('puts aside a SQLite file that is no database any more', async function () {
    this.timeout(30_000);
    const [place, backups] = [await SqlPlace.create('sqlite'), temporaryFolder()];
    const rows = await place.rows();
    const backup = await backUp(place.settings, backups);
    const garbage = 'no database at all. '.repeat(500);
    writeFileSync(join(place.folder, 'app.db'), garbage);
    const { code, said } = await runCommand(place.settings, 'restore', backup, '--replace');
    expect(code, said).to.equal(0);
    expect(await place.rows()).to.deep.equal(rows);
    const kept = /kept as (\S+)/.exec(said)?.[1] ?? '';
    expect(readFileSync(join(place.folder, kept), 'utf8')).to.equal(garbage);
  });
});
