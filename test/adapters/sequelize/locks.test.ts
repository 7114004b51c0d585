/**
 * One process at a time where it must be one: migrators on both databases, holders of a SQLite file, servers on
 * PostgreSQL.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { PostgresDatabase } from '#adapters/sequelize/postgres/database.ts';
import { SqliteDatabase } from '#adapters/sequelize/sqlite/database.ts';
import { contract, type Openers } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES } from '../../support/backends/sql-databases.ts';
import { ROOT } from '../../support/project.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { MIGRATIONS, temporaryFolder } from '../../support/servers/temporary-database.ts';
import { createDatabase, dropDatabase } from '../../support/servers/temporary-postgres.ts';

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
    const open = () => PostgresDatabase.open({ url: target, exclusive: true });
    const inUse = /^Another Tavernkeep server is using .*DATABASE_URL.*Stop it first.*REDIS_URL\.$/;
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

describe('the lock of a SQLite file', () => {
  it('passes to a waiting opener once its holder closes', async () => {
    const file = join(temporaryFolder(), 'app.db');
    const first = await SqliteDatabase.open({ file, synchronous: 'full' });
    const waiting = SqliteDatabase.open({ file, synchronous: 'full', lockWaitMs: 60_000 });
    await first.close();
    await (await waiting).close();
  });
});
