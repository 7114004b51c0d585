/** The migration of the permission to end jobs of others, which the release before does not know. */
import { expect } from 'chai';
import type { Permission } from '#domain/identity/permissions.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES, sqlDatabases } from '../../support/backends/sql-databases.ts';
import { forgetMigrationsAfter, migrationsUpTo } from '../../support/servers/temporary-database.ts';

const NAME = '0028-jobs-manage';
const FOLDER = migrationsUpTo(NAME);

contract('The migration of jobs.manage', ON_SQL_DATABASES, sqlDatabases, (database) => {
  const permissionsOf = async (name: string) => (await database().unitOfWork.reads.roles.find(name))?.permissions;
  const save = (name: string, permissions: readonly Permission[]) =>
    database().unitOfWork.run(({ roles }) => roles.save({ name, description: '', builtin: false, permissions }));

  beforeEach(() => forgetMigrationsAfter(NAME, database()));

  it('takes it from every role when it is undone, and gives it to none when it is done again', async () => {
    await save('warden', ['system.read', 'jobs.manage']);
    expect(await database().migrator(FOLDER).down()).to.deep.equal([NAME]);
    expect(await permissionsOf('warden')).to.deep.equal(['system.read']);
    expect(await database().migrator(FOLDER).up()).to.deep.equal([NAME]);
    expect(await permissionsOf('warden')).to.deep.equal(['system.read']);
  });
});
