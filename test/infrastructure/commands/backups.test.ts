/** `npm run backup`: everything comes back, and nothing is written that could be taken for a backup and is none. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { DERIVED_TABLES, RECORD_TABLES } from '#adapters/sequelize/shared/record-tables.ts';
import { onBackends } from '../../support/backends/backends.ts';
import { tablesOf } from '../../support/backends/schema.ts';
import { ON_SQL_DATABASES, type SqlDatabase } from '../../support/backends/sql-databases.ts';
import { fillEveryTable } from '../../support/builders/filled-tables.ts';
import { aMessage } from '../../support/builders/records.ts';
import { anAppendGuard, aThreadOf } from '../../support/builders/window-changes.ts';
import { backUp, backupsIn, runCommand } from '../../support/servers/command.ts';
import type { Json } from '../../support/servers/server.ts';
import { SqlPlace } from '../../support/servers/sql-place.ts';
import { temporaryFolder } from '../../support/servers/temporary-database.ts';

/** What is easily altered on its way: separators that end no line, quotes, a backslash, more than 16 bits. */
const DELICATE = 'one\u2028two\r\nthree\u2029"four" \\u0041 {"five": 6} 🐉';

onBackends('backups', ON_SQL_DATABASES, (backend) => {
  let place: SqlPlace;
  let other: SqlPlace;
  let backups: string;

  beforeEach(async () => {
    [place, other] = [await SqlPlace.create(backend), await SqlPlace.create(backend)];
    backups = temporaryFolder();
  });
  afterEach(async () => {
    await place.remove();
    await other.remove();
  });

  const restore = (to: SqlPlace, ...args: readonly string[]) => runCommand(to.settings, 'restore', ...args);
  const query = ({ sequelize }: SqlDatabase, sql: string) => sequelize.query(sql);

  it('contain every row of every table, and new ones can be added to what is restored', async function () {
    this.timeout(60_000);
    const thread = await place.use(async (database) => {
      await fillEveryTable(database);
      const stores = database.stores();
      const { thread: filled } = await aThreadOf(stores, 3);
      await stores.conversations.append(aMessage(filled.id, { content: DELICATE }), anAppendGuard, null);
      return filled;
    });
    const rows = await place.rows();
    for (const table of RECORD_TABLES.filter((name) => name in rows)) expect(rows[table], table).not.to.have.length(0);
    const backup = await backUp(place.settings, backups);
    expect(await restore(other, backup)).to.deep.include({ code: 0 });
    expect(await other.rows()).to.deep.equal(rows);
    await other.use(async (database) => {
      const { conversations } = database.stores();
      await conversations.append(aMessage(thread.id, { content: 'Onwards.' }), anAppendGuard, null);
      const said = await conversations.messages(thread.id, { limit: 10 });
      expect(said.slice(-2).map((message) => message.content)).to.deep.equal([DELICATE, 'Onwards.']);
    });
  });

  it('know every table of the schema, each behind those that it refers to', async () => {
    const tables = await place.use(({ sequelize }) => tablesOf(sequelize));
    const derived: readonly string[] = DERIVED_TABLES;
    expect([...RECORD_TABLES].sort()).to.deep.equal(tables.filter((table) => !derived.includes(table)));
  });

  it('are for their owner alone, and say what they are of', async () => {
    await place.rows();
    const backup = await backUp(place.settings, backups);
    const modes = [backup, ...readdirSync(backup).map((name) => join(backup, name))].map((path) => statSync(path).mode);
    expect(modes.map((mode) => (mode & 0o777).toString(8))).to.deep.equal(['700', ...modes.slice(1).map(() => '600')]);
    const manifest = JSON.parse(readFileSync(join(backup, 'manifest.json'), 'utf8'));
    expect(manifest).to.include({ product: 'tavernkeep', format: 1, database: backend });
    expect(manifest.files.map(({ name }: Json) => name).sort()).to.deep.equal(
      readdirSync(backup).filter((name) => name !== 'manifest.json'),
    );
    expect(readdirSync(backups)).to.have.length(1);
  });

  it('of an earlier schema are brought up to this one', async function () {
    this.timeout(60_000);
    await place.use((database) => aThreadOf(database.stores(), 3));
    const rows = await place.rows();
    expect(await runCommand(place.settings, 'migrate', 'down', '3')).to.deep.include({ code: 0 });
    const backup = await backUp(place.settings, backups);
    const { code, said } = await restore(other, backup);
    expect(code, said).to.equal(0);
    expect(await runCommand(other.settings, 'migrate', 'status')).to.deep.include({ said: 'nothing to do\n' });
    // Home is opened again on the way up, as old as its first user.
    expect(await runCommand(place.settings, 'migrate', 'up')).to.deep.include({ code: 0 });
    const { workspaces } = await place.rows();
    expect(await other.rows()).to.deep.equal({ ...rows, workspaces });
  });

  it('are not taken of nothing, of a newer version, nor where they cannot be written', async function () {
    this.timeout(60_000);
    const refused = async (words: RegExp, folder = backups) => {
      const { code, said } = await runCommand(place.settings, 'backup', folder);
      expect(code, said).to.equal(1);
      expect(said)
        .to.match(words)
        .and.not.to.match(/\n\s+at /);
      expect(readdirSync(backups)).to.deep.equal([]);
    };
    await refused(backend === 'sqlite' ? /DATABASE_URL: app\.db cannot be used/ : /DATABASE_URL: there are no records/);
    await place.use((database) => query(database, "INSERT INTO applied_migrations (name) VALUES ('9999-later')"));
    await refused(/newer Tavernkeep \(9999-later\)\. Back it up with that one/);
    const { code, said } = await runCommand(place.settings, 'backup', join(import.meta.filename, 'below'));
    expect(code).to.equal(1);
    expect(said).to.match(/^The backup cannot be written: ENOTDIR/);
    expect(backupsIn(backups)).to.deep.equal([]);
  });
});

describe('npm run backup and npm run restore', function () {
  this.timeout(30_000);

  for (const args of [
    ['backup'],
    ['backup', 'a', 'b'],
    ['restore'],
    ['restore', 'a', '--force'],
    ['restore', 'a', '--replace', 'b'],
  ]) {
    it(`say how they are called for "${args.join(' ')}"`, async () => {
      const { code, said } = await runCommand({}, ...args);
      expect(code).to.equal(1);
      expect(said).to.include('npm run backup -- <folder>').and.to.include('npm run restore -- <backup>');
    });
  }

  it('refuse a database in memory', async () => {
    const { code, said } = await runCommand({ DATABASE_URL: 'memory:' }, 'backup', temporaryFolder());
    expect(code).to.equal(1);
    expect(said).to.include('DATABASE_URL: a database in memory is gone by now');
  });
});
