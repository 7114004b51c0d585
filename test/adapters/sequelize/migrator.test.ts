/** The schema comes and goes in whole steps, on both databases. */
import { cpSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { contract } from '../../support/backends/backends.ts';
import { tablesOf } from '../../support/backends/schema.ts';
import { ON_SQL_DATABASES, sqlDatabases } from '../../support/backends/sql-databases.ts';
import { fillEveryTable } from '../../support/builders/filled-tables.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { MIGRATIONS, temporaryFolder } from '../../support/servers/temporary-database.ts';

const NAMES = readdirSync(MIGRATIONS)
  .map((file) => basename(file, '.ts'))
  .sort();
/** The migrator's own record: it goes down and up with what it records. */
const RECORD = 'applied_migrations';
/** What a migration itself gives, and takes: no row of anybody's. */
const OTHERS: Readonly<Record<string, string>> = {
  permissions: "WHERE name NOT IN ('games.use', 'workspaces.create', 'jobs.manage')",
  role_permissions: "WHERE permission NOT IN ('games.use', 'workspaces.create', 'jobs.manage')",
};

/** Tables of older schemas, and what their rows are in today's. */
const BECAME: Readonly<Record<string, string>> = { former_authors: 'jobs' };

contract('Migrations', ON_SQL_DATABASES, sqlDatabases, (database) => {
  const migrator = (folder = MIGRATIONS) => database().migrator(folder);
  const tables = () => tablesOf(database().sequelize);

  /** How many rows each of the tables has of somebody's. */
  async function counts(names: readonly string[]): Promise<Record<string, number>> {
    const found: Record<string, number> = {};
    for (const name of names.filter((name) => name !== RECORD)) {
      const rows = await database().sequelize.query(`SELECT * FROM ${name} ${OTHERS[name] ?? ''}`, {
        type: QueryTypes.SELECT,
      });
      found[name] = rows.length;
    }
    return found;
  }

  it('are undone and reapplied with rows in every table', async () => {
    const before = await tables();
    await fillEveryTable(database());
    for (const [name, count] of Object.entries(await counts(before))) expect(count, name).to.be.greaterThan(0);
    expect(await migrator().down('all')).to.deep.equal([...NAMES].reverse());
    expect(await tables()).to.deep.equal([RECORD]);
    expect(await migrator().pending()).to.deep.equal(NAMES);
    expect(await migrator().up()).to.deep.equal(NAMES);
    expect(await tables()).to.deep.equal(before);
    await fillEveryTable(database());
  });

  for (const [index, name] of NAMES.entries()) {
    it(`preserve every row of the remaining tables when all from ${name} on are undone and reapplied`, async () => {
      await fillEveryTable(database());
      const before = await counts(await tables());
      await migrator().down(NAMES.length - index);
      const stayed = await tables();
      const left = await counts(stayed);
      for (const table of Object.keys(left)) expect(left[table], table).to.equal(before[BECAME[table] ?? table]);
      expect(await migrator().up()).to.deep.equal(NAMES.slice(index));
      const after = await counts(stayed.map((table) => BECAME[table] ?? table));
      for (const table of Object.keys(left)) expect(after[BECAME[table] ?? table], table).to.equal(left[table]);
    });
  }

  it('are undone one at a time, the newest first, unless more are asked for', async () => {
    for (const name of NAMES.slice(-2).reverse()) expect(await migrator().down()).to.deep.equal([name]);
    expect(await migrator().pending()).to.deep.equal(NAMES.slice(-2));
  });

  it('run only once', async () => {
    expect(await migrator().pending()).to.deep.equal([]);
    expect(await migrator().up()).to.deep.equal([]);
  });

  /** A folder with all migrations, to which a test adds others; `query` is what such a one does. */
  function folderOfOwn() {
    const folder = join(temporaryFolder(), 'migrations');
    cpSync(MIGRATIONS, folder, { recursive: true });
    const step = (name: string, body: string) =>
      writeFileSync(
        join(folder, `${name}.ts`),
        `export async function up({ context }) { ${body} }\nexport async function down() {}\n`,
      );
    const query = (sql: string) =>
      `await context.queryInterface.sequelize.query(${JSON.stringify(sql)}, { transaction: context.transaction });`;
    return { folder, step, query };
  }

  it('run neither up nor down where the database has one that is not in the folder', async () => {
    const { folder, step, query } = folderOfOwn();
    step('9998-theirs', query('CREATE TABLE theirs (n INTEGER)'));
    await migrator(folder).up();
    rmSync(join(folder, '9998-theirs.ts'));
    step('9999-ours', query('CREATE TABLE ours (n INTEGER)'));
    const before = await tables();
    for (const refused of [() => migrator(folder).up(), () => migrator(folder).down()])
      expect(((await failureOf(refused())) as Error).message).to.contain('newer Tavernkeep (9998-theirs)');
    expect(await tables()).to.deep.equal(before);
    expect(await migrator(folder).pending()).to.deep.equal(['9999-ours']);
    rmSync(folder, { recursive: true });
  });

  it('roll back one that fails midway, and leave those before it applied', async () => {
    const { folder, step, query } = folderOfOwn();
    step('9998-whole', query('CREATE TABLE whole (n INTEGER)'));
    step('9999-half', `${query('CREATE TABLE half (n INTEGER)')} throw new Error('half-way');`);
    await failureOf(migrator(folder).up());
    expect(await tables())
      .to.include('whole')
      .and.not.to.include('half');
    expect(await migrator(folder).pending()).to.deep.equal(['9999-half']);
    rmSync(folder, { recursive: true });
  });
});
