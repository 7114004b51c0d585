/** The migration that counts what workspaces have already. */
import { expect } from 'chai';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES, sqlDatabases } from '../../support/backends/sql-databases.ts';
import { aDocument } from '../../support/builders/documents.ts';
import { aSource } from '../../support/builders/records.ts';
import { forgetMigrationsAfter, migrationsUpTo } from '../../support/servers/temporary-database.ts';

const NAME = '0025-quotas';
const FOLDER = migrationsUpTo(NAME);

contract('The migration of quotas', ON_SQL_DATABASES, sqlDatabases, (database) => {
  const migrator = () => database().migrator(FOLDER);
  beforeEach(() => forgetMigrationsAfter(NAME, database()));

  it('counts the sources and documents that are there, and goes back', async () => {
    const { unitOfWork, reads } = database().stores();
    const [one, other] = [aSource(), aSource()];
    const documents = [
      aDocument(one.id, { bytes: 3 }),
      aDocument(other.id, { bytes: 4 }),
      aDocument(one.id, { bytes: 5 }),
    ];
    await unitOfWork.run(async (repos) => {
      for (const source of [one, other]) await repos.sources.add(source);
      for (const document of documents) await repos.documents.add(document);
    });
    expect(await migrator().down()).to.deep.equal([NAME]);
    expect(await migrator().up()).to.deep.equal([NAME]);
    const usages = (await reads.quotas.list(HOME_ID)).map(({ quota, limit, used }) => [quota, limit, used]);
    expect(usages).to.have.deep.members([
      ['sources', null, 2],
      ['documents', null, 3],
      ['stored_bytes', null, 12],
    ]);
  });
});
