/** What every store of users promises. */
import { expect } from 'chai';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

contract('Users', ON_RECORD_STORES, recordStores, (stores) => {
  const add = (user: ReturnType<typeof aUser>) => stores().unitOfWork.run(({ users }) => users.add(user));

  it('returns every field as it was stored, inside a unit of work and outside', async () => {
    for (const user of [aUser(), aUser({ username: null, status: 'disabled', roles: [] })]) {
      await add(user);
      expect(await stores().users.find(user.id)).to.deep.equal(user);
      expect(await stores().unitOfWork.run(({ users }) => users.find(user.id))).to.deep.equal(user);
    }
  });

  it('returns the names of roles in ascending order', async () => {
    const user = aUser({ roles: ['player', 'admin', 'gm'] });
    await add(user);
    expect((await stores().users.find(user.id))?.roles).to.deep.equal(['admin', 'gm', 'player']);
    const inside = await stores().unitOfWork.run(({ users }) => users.find(user.id));
    expect(inside?.roles).to.deep.equal(['admin', 'gm', 'player']);
  });

  it('finds a user by e-mail and by username, case-insensitively', async () => {
    const user = aUser({ email: 'elise@example.org', username: 'Élise' });
    await add(user);
    for (const login of ['elise@example.org', 'ELISE@example.org', 'Élise', 'éLISE']) {
      expect(await stores().users.findByLogin(login), login).to.deep.equal(user);
      expect(await stores().unitOfWork.run(({ users }) => users.findByLogin(login)), login).to.deep.equal(user);
    }
  });

  it('finds no unknown user', async () => {
    expect(await stores().users.find(aUser().id)).to.equal(undefined);
    expect(await stores().users.findByLogin('nobody@example.org')).to.equal(undefined);
    expect(await stores().users.findByLogin('nobody')).to.equal(undefined);
  });

  it('returns copies, so that changing one does not change what is stored', async () => {
    const user = aUser();
    const given = { ...user, roles: [...user.roles], createdAt: new Date(user.createdAt) };
    await add(given);
    given.roles.push('admin');
    given.createdAt.setTime(0);
    const found = await stores().users.find(user.id);
    found?.createdAt.setTime(0);
    (found as { roles: string[] } | undefined)?.roles.push('admin');
    expect(await stores().users.find(user.id)).to.deep.equal(user);
  });

  it('refuses a user with a taken e-mail or username, and stores nothing of them', async () => {
    const user = aUser({ username: 'Zoë' });
    await add(user);
    const sameEmail = aUser({ email: user.email });
    const sameName = aUser({ username: 'ZOË' });
    expect(await refusalOf(add(sameEmail))).to.equal('email_taken');
    expect(await refusalOf(add(sameName))).to.equal('username_taken');
    expect(await stores().users.find(sameEmail.id)).to.equal(undefined);
    expect(await stores().users.find(sameName.id)).to.equal(undefined);
  });

  it('refuses an unknown role, and stores nothing of the user', async () => {
    const user = aUser({ roles: ['player', 'dragon'] });
    expect(await refusalOf(add(user))).to.equal('role_not_found');
    expect(await stores().users.find(user.id)).to.equal(undefined);
  });

  it('adds one of eight concurrent users with one e-mail, and refuses the others as email_taken', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => add(aUser({ email: 'one@example.org' }))),
    );
    const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'added'));
    expect(codes.sort()).to.deep.equal(['added', ...Array(7).fill('email_taken')]);
  });

  it('counts the active holders of a role', async () => {
    for (const status of ['active', 'active', 'disabled'] as const) await add(aUser({ status, roles: ['gm'] }));
    await add(aUser({ roles: ['player'] }));
    const count = (role: string) => stores().unitOfWork.run(({ users }) => users.countActiveWithRole(role));
    expect([await count('gm'), await count('player'), await count('admin')]).to.deep.equal([2, 1, 0]);
  });
});

contract('Reads', ON_RECORD_STORES, recordStores, (stores) => {
  it('see only committed data, without waiting for a unit of work in progress', async () => {
    const [kept, uncommitted] = [aUser(), aUser()];
    await stores().unitOfWork.run(({ users }) => users.add(kept));
    await stores().unitOfWork.run(async ({ users }) => {
      await users.add(uncommitted);
      expect(await stores().reads.users.find(kept.id)).to.deep.equal(kept);
      expect(await stores().reads.users.find(uncommitted.id)).to.equal(undefined);
    });
    expect(await stores().reads.users.find(uncommitted.id)).to.deep.equal(uncommitted);
  });

  it('complete beside many concurrent units of work, and do not prevent those from committing', async () => {
    const added = Array.from({ length: 20 }, () => aUser());
    const works = added.map((user) => stores().unitOfWork.run(({ users }) => users.add(user)));
    const reads = Array.from({ length: 60 }, () => stores().reads.roles.list());
    for (const roles of await Promise.all(reads)) expect(roles.map((role) => role.name)).to.include('admin');
    await Promise.all(works);
    for (const user of added) expect(await stores().reads.users.find(user.id)).to.deep.equal(user);
  });
});

contract('UnitOfWork', ON_RECORD_STORES, recordStores, (stores) => {
  it('stores nothing of work that throws, and rethrows its error', async () => {
    const user = aUser();
    const reason = new Error('on second thoughts');
    const work = stores().unitOfWork.run(async ({ users, roles, passwordHashes }) => {
      await users.add(user);
      await passwordHashes.save(user.id, 'hash');
      await roles.save({ name: 'bard', description: 'Sings.', builtin: false, permissions: [] });
      throw reason;
    });
    expect(await failureOf(work)).to.equal(reason);
    expect(await stores().users.find(user.id)).to.equal(undefined);
    expect(await stores().passwordHashes.find(user.id)).to.equal(undefined);
    expect(await stores().roles.find('bard')).to.equal(undefined);
    await stores().unitOfWork.run(({ users }) => users.add(user));
  });

  it('shows work its own writes, and shows others only committed data', async () => {
    const user = aUser();
    await stores().unitOfWork.run(async ({ users }) => {
      await users.add(user);
      expect(await users.find(user.id)).to.deep.equal(user);
      expect(await users.findByLogin(user.email)).to.deep.equal(user);
      expect(await users.countActiveWithRole('gm')).to.equal(1);
      expect(await stores().users.find(user.id)).to.equal(undefined);
    });
    expect(await stores().users.find(user.id)).to.deep.equal(user);
  });

  it('serialises concurrent works: of eight that race for three places, exactly three get one', async () => {
    const seat = () =>
      stores().unitOfWork.run(async ({ users }) => {
        if ((await users.countActiveWithRole('admin')) >= 3) return false;
        await users.add(aUser({ roles: ['admin'] }));
        return true;
      });
    const seated = await Promise.all(Array.from({ length: 8 }, seat));
    expect(seated.filter(Boolean)).to.have.length(3);
  });

  it('returns the result of the work', async () => {
    expect(await stores().unitOfWork.run(async () => 'done')).to.equal('done');
  });

  it('runs further work after one that failed', async () => {
    const outcomes = await Promise.allSettled([
      stores().unitOfWork.run(async () => Promise.reject(new Error('first'))),
      stores().unitOfWork.run(async () => 'second'),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).to.deep.equal(['rejected', 'fulfilled']);
  });
});
