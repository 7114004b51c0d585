/**
 * One process at a time where it must be one: migrators on both databases, holders of a SQLite file, servers on
 * PostgreSQL.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import type { LockMode } from '#adapters/sequelize/postgres/advisory-lock.ts';
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { contract, type Openers } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES } from '../../support/backends/sql-databases.ts';
import { ROOT } from '../../support/project.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { MIGRATIONS, temporaryFolder } from '../../support/servers/temporary-database.ts';
import { createDatabase, dropDatabase, postgresAnswers } from '../../support/servers/temporary-postgres.ts';

const NAMES = readdirSync(MIGRATIONS)
  .map((file) => basename(file, '.ts'))
  .sort();

/** Opens a database as a server does, alone. */
type Place = Readonly<{ target: string; open(): Promise<{ close(): Promise<void> }>; inUse: RegExp }>;

/** Databases in which there is nothing yet. */
const places: Openers<Place> = {
  sqlite: async () => {
    const folder = join(temporaryFolder(), 'secret-folder');
    mkdirSync(folder);
    const target = join(folder, 'app.db');
    const open = () => SqliteDatabase.open({ file: target, synchronous: 'full' });
    const inUse = /^Another Tavernkeep process is using app\.db.*Stop it first\.$/;
    return { harness: { target, open, inUse }, close: async () => rmSync(folder, { recursive: true }) };
  },
  postgres: async () => {
    const target = await createDatabase();
    const open = () => PostgresDatabase.open({ url: target, lock: 'exclusive' });
    const inUse = /^Another Tavernkeep process is using .*DATABASE_URL.*Stop the servers first.*REDIS_URL\.$/;
    return { harness: { target, open, inUse }, close: () => dropDatabase(target) };
  },
};

contract('Locks', ON_SQL_DATABASES, places, (place) => {
  const start = (...more: readonly string[]): ChildProcess =>
    fork(join(ROOT, 'test/support/servers/migrate-process.ts'), [place().target, ...more]);

  it('let one migrator at a time run: the first applies every migration, the others none', async function () {
    this.timeout(30_000);
    const children = [start(), start(), start()];
    const ran = await Promise.all(children.map(async (child) => (await once(child, 'message'))[0]));
    expect(ran.sort((a, b) => a.length - b.length)).to.deep.equal([[], [], NAMES]);
    await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
  });

  it('refuse a second holder without revealing the location, and are free once the first closes', async () => {
    const first = await place().open();
    expect(((await failureOf(place().open())) as Error).message).to.match(place().inUse);
    await first.close();
    await (await place().open()).close();
  });

  it('are released when their holder is killed', async function () {
    this.timeout(30_000);
    const child = start('stay');
    await once(child, 'message');
    expect(((await failureOf(place().open())) as Error).message).to.match(place().inUse);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await place().open()).close();
  });
});

describe("the servers' lock of a PostgreSQL database", () => {
  before(async function () {
    if (!(await postgresAnswers())) this.skip();
  });

  it('is shared by servers that share their speed layer, and keeps out whoever needs the database alone', async () => {
    const url = await createDatabase();
    const open = (lock: LockMode) => PostgresDatabase.open({ url, lock });
    const [one, two] = [await open('shared'), await open('shared')];
    expect(((await failureOf(open('exclusive'))) as Error).message).to.contain('Stop the servers first');
    await Promise.all([one.close(), two.close()]);
    const alone = await open('exclusive');
    expect(((await failureOf(open('shared'))) as Error).message).to.contain('one of the two needs it alone');
    await alone.close();
    await dropDatabase(url);
  });
});

describe('the lock of a SQLite file', () => {
  let folder: string;
  let file: string;
  let held: SqliteDatabase;
  let other: ChildProcess | undefined;
  beforeEach(async () => {
    other = undefined;
    folder = temporaryFolder();
    file = join(folder, 'app.db');
    held = await open(file);
  });
  afterEach(async () => {
    other?.kill('SIGKILL');
    await held.close();
  });

  const open = (name: string, lockWaitMs = 0) => SqliteDatabase.open({ file: name, synchronous: 'full', lockWaitMs });
  const refused = async (name: string) => ((await failureOf(open(name))) as Error).message;

  /** Holds the file as another process, where the locks of this one say nothing. */
  async function heldByAnother(): Promise<ChildProcess> {
    await held.close();
    other = fork(join(ROOT, 'test/support/servers/migrate-process.ts'), [file, 'stay']);
    await once(other, 'message');
    return other;
  }

  it('passes to a waiting opener once its holder closes, and not before', async () => {
    let taken = false;
    const waiting = open(file, 60_000).then((database) => {
      taken = true;
      return database;
    });
    await refused(file);
    expect(taken).to.equal(false);
    await held.close();
    held = await waiting;
  });

  it('is one lock whatever symbolic links lead to the file', async () => {
    for (const name of ['link.db', 'chain.db']) symlinkSync(name === 'link.db' ? file : 'link.db', join(folder, name));
    symlinkSync(folder, `${folder}-link`);
    for (const name of [join(folder, 'link.db'), join(folder, 'chain.db'), join(`${folder}-link`, 'app.db')])
      expect(await refused(name), name).to.match(/^Another Tavernkeep process is using /);
    rmSync(`${folder}-link`);
    expect(readdirSync(folder).filter((name) => name.endsWith('.lock'))).to.deep.equal(['app.db.lock']);
    await held.close();
    held = await open(join(folder, 'chain.db'));
    expect(await refused(file)).to.match(/^Another Tavernkeep process is using app\.db/);
  });

  it('takes a link to a file that is not there yet', async () => {
    symlinkSync(join(folder, 'new.db'), join(folder, 'link.db'));
    const linked = await open(join(folder, 'link.db'));
    expect(await refused(join(folder, 'new.db'))).to.match(/^Another Tavernkeep process is using new\.db/);
    await linked.close();
  });

  it('is refused to a file that has two names, under either of them', async () => {
    await held.close();
    linkSync(file, join(folder, 'twin.db'));
    for (const name of [file, join(folder, 'twin.db')])
      expect(await refused(name), name).to.match(/^DATABASE_URL: (app|twin)\.db has a second name \(a hard link\)/);
    rmSync(join(folder, 'twin.db'));
    held = await open(file);
  });

  it('holds even after its own file was removed', async function () {
    this.timeout(30_000);
    const child = await heldByAnother();
    rmSync(`${file}.lock`);
    expect(await refused(file)).to.match(/^Another Tavernkeep process is using app\.db/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    held = await open(file);
  });
});
