/** A migration that comes later, on a database full of rows: the licence key of a licence (US-DB-004). */
import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { Seeder } from '#adapters/system/seeder.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES, sqlDatabases } from '../../support/backends/sql-databases.ts';
import { storedRows } from '../../support/backends/stored-rows.ts';
import { fillEveryTable } from '../../support/builders/filled-tables.ts';
import { anAccess, aSource, aUser } from '../../support/builders/records.ts';
import { forgetMigrationsAfter, migrationsUpTo, SEEDERS } from '../../support/servers/temporary-database.ts';

const NAME = '0007-license-key';
const FOLDER = migrationsUpTo(NAME);
type Row = Record<string, unknown>;

contract('The migration that adds a licence key (US-DB-004)', ON_SQL_DATABASES, sqlDatabases, (database) => {
  const migrator = () => database().migrator(FOLDER);
  const select = (sql: string) => database().sequelize.query<Row>(sql, { type: QueryTypes.SELECT });

  beforeEach(() => forgetMigrationsAfter(NAME, database()));

  const everything = () => storedRows(database().sequelize, ['license_key']);

  async function fill(): Promise<Readonly<{ sourceId: SourceId; licences: number }>> {
    await fillEveryTable(database());
    const source = aSource();
    const users = Array.from({ length: 200 }, () => aUser({ roles: [] }));
    await database().unitOfWork.run(async (repos) => {
      await repos.sources.add(source);
      for (const user of users) {
        await repos.users.add(user);
        await repos.sourceAccesses.save(anAccess(source.id, user.id), HOME_ID);
      }
    });
    return { sourceId: source.id, licences: users.length };
  }

  it('is undone and reapplied without losing a row, and lets the seeders run again', async () => {
    const { sourceId, licences } = await fill();
    const before = await everything();
    expect(await migrator().down()).to.deep.equal([NAME]);
    expect(await everything()).to.deep.equal(before);
    expect((await select('SELECT * FROM source_access'))[0]).not.to.have.property('license_key');
    expect(await migrator().up()).to.deep.equal([NAME]);
    await new Seeder({ folder: SEEDERS, unitOfWork: database().unitOfWork }).up();
    expect(await everything()).to.deep.equal(before);
    const { items } = await database().unitOfWork.reads.sourceAccesses.list(sourceId, { limit: 1_000 });
    expect(items).to.have.length(licences);
    expect(items.every((access) => access.licenseKey === null)).to.equal(true);
  });

  it('lets a licence that was granted before the migration have a key', async () => {
    const { sourceId } = await fill();
    await migrator().down();
    await migrator().up();
    const { items } = await database().unitOfWork.reads.sourceAccesses.list(sourceId, { limit: 1 });
    const keyed = { ...anAccess(sourceId, items[0]?.userId ?? aUser().id), licenseKey: 'encrypted' };
    await database().unitOfWork.run(({ sourceAccesses }) => sourceAccesses.save(keyed, HOME_ID));
    expect(await database().unitOfWork.reads.sourceAccesses.find(sourceId, keyed.userId)).to.deep.equal(keyed);
  });
});
