/** What every store of roles promises. */
import { expect } from 'chai';
import { BUILTIN_ROLES, type Role } from '#domain/identity/permissions.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';

const bard: Role = { name: 'bard', description: 'Sings.', builtin: false, permissions: ['chat.use', 'users.read'] };

contract('Roles', ON_RECORD_STORES, recordStores, (stores) => {
  const save = (role: Role) => stores().unitOfWork.run(({ roles }) => roles.save(role));

  it('returns every field as it was stored, inside a unit of work and outside', async () => {
    await save(bard);
    expect(await stores().roles.find('bard')).to.deep.equal(bard);
    expect(await stores().unitOfWork.run(({ roles }) => roles.find('bard'))).to.deep.equal(bard);
  });

  it('returns permissions in ascending order', async () => {
    await save({ ...bard, permissions: ['users.read', 'chat.use'] });
    expect((await stores().roles.find('bard'))?.permissions).to.deep.equal(['chat.use', 'users.read']);
  });

  it('updates the description and the permissions of a stored role', async () => {
    await save(bard);
    const changed: Role = { ...bard, description: 'Sings loudly.', permissions: ['games.create'] };
    await save(changed);
    expect(await stores().roles.find('bard')).to.deep.equal(changed);
    await save({ ...changed, permissions: [] });
    expect((await stores().roles.find('bard'))?.permissions).to.deep.equal([]);
  });

  it('lists all roles by name, including the built-in ones', async () => {
    await save(bard);
    const expected = ['admin', 'bard', 'developer', 'gm', 'player'];
    expect((await stores().roles.list()).map((role) => role.name)).to.deep.equal(expected);
    const inside = await stores().unitOfWork.run(({ roles }) => roles.list());
    expect(inside.map((role) => role.name)).to.deep.equal(expected);
  });

  it('counts the roles beside the built-in ones', async () => {
    const count = () => stores().unitOfWork.run(({ roles }) => roles.countOwn());
    expect(await count()).to.equal(0);
    await save(bard);
    await save({ ...bard, name: 'druid' });
    expect(await count()).to.equal(2);
  });

  it('is seeded with the built-in roles as the domain declares them', async () => {
    for (const role of BUILTIN_ROLES) {
      expect(await stores().roles.find(role.name)).to.deep.equal({
        ...role,
        permissions: [...role.permissions].sort(),
      });
    }
  });

  it('finds the role of the very name, whatever others there are', async () => {
    for (const name of ['bard', 'bards', 'aardvark', 'zither']) await save({ ...bard, name });
    for (const { name } of await stores().roles.list()) {
      expect((await stores().roles.find(name))?.name).to.equal(name);
      expect((await stores().unitOfWork.run(({ roles }) => roles.find(name)))?.name).to.equal(name);
    }
  });

  it('finds no unknown role', async () => {
    expect(await stores().roles.find('dragon')).to.equal(undefined);
  });

  it('returns copies, so that changing one does not change what is stored', async () => {
    const given = { ...bard, permissions: [...bard.permissions] };
    await save(given);
    given.permissions.pop();
    const found = await stores().roles.find('bard');
    (found as { permissions: string[] } | undefined)?.permissions.pop();
    expect(await stores().roles.find('bard')).to.deep.equal(bard);
  });
});
