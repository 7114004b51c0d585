/** The migration that gives custom roles the permission to use games, which their holders did without before. */
import { expect } from 'chai';
import { Seeder } from '#adapters/system/seeder.ts';
import { BUILTIN_ROLES } from '#domain/identity/permissions.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES, sqlDatabases } from '../../support/backends/sql-databases.ts';
import { forgetMigrationsAfter, migrationsUpTo, SEEDERS } from '../../support/servers/temporary-database.ts';

const NAME = '0016-games-use';
const FOLDER = migrationsUpTo(NAME);

contract('The migration of games.use', ON_SQL_DATABASES, sqlDatabases, (database) => {
  const migrator = () => database().migrator(FOLDER);
  const permissionsOf = async (name: string) =>
    (await database().unitOfWork.reads.roles.find(name))?.permissions as readonly string[];
  const save = (name: string, permissions: readonly ('chat.use' | 'games.use')[]) =>
    database().unitOfWork.run(({ roles }) => roles.save({ name, description: '', builtin: false, permissions }));

  beforeEach(() => forgetMigrationsAfter(NAME, database()));

  it('lets holders of custom roles go on with their games, and leaves the built-in roles to the code', async () => {
    expect(await migrator().down()).to.deep.equal([NAME]);
    expect(await permissionsOf('player')).not.to.include('games.use');
    await save('bard', ['chat.use']);
    await save('idler', []);
    expect(await migrator().up()).to.deep.equal([NAME]);
    expect(await permissionsOf('bard')).to.deep.equal(['chat.use', 'games.use']);
    expect(await permissionsOf('idler')).to.deep.equal(['games.use']);
    expect(await permissionsOf('player')).not.to.include('games.use');
    await new Seeder({ folder: SEEDERS, unitOfWork: database().unitOfWork }).up();
    for (const role of BUILTIN_ROLES) expect(await permissionsOf(role.name), role.name).to.include('games.use');
  });

  it('takes the permission from every role when it is undone, and nothing else', async () => {
    await save('bard', ['chat.use', 'games.use']);
    await migrator().down();
    expect(await permissionsOf('bard')).to.deep.equal(['chat.use']);
    await migrator().up();
    expect(await permissionsOf('bard')).to.deep.equal(['chat.use', 'games.use']);
  });
});
