/** What every store of users and roles promises to those who administer them. */
import { expect } from 'chai';
import type { UserFilter } from '#application/identity/ports.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aThread, at, aUser } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

contract('Administered users', ON_RECORD_STORES, recordStores, (stores) => {
  const add = (...users: readonly User[]) =>
    stores().unitOfWork.run(async (repos) => {
      for (const user of users) await repos.users.add(user);
    });
  const save = (user: User) => stores().unitOfWork.run(({ users }) => users.save(user));
  const remove = (id: UserId) => stores().unitOfWork.run(({ users }) => users.remove(id));
  const list = (filter: UserFilter, limit = 50) => stores().reads.users.list(filter, { limit });

  it('saves every field', async () => {
    const user = aUser({ roles: ['gm', 'player'] });
    await add(user);
    for (const changed of [
      aUser({ id: user.id, email: 'new@example.org', username: 'Newly', displayName: 'New', status: 'disabled' }),
      aUser({ id: user.id, email: 'new@example.org', username: null, roles: ['admin', 'player'], sessionEpoch: 9 }),
      aUser({ id: user.id, username: 'NEWLY', roles: [] }),
    ]) {
      await save(changed);
      expect(await stores().users.find(user.id)).to.deep.equal(changed);
      expect(await stores().reads.users.find(user.id)).to.deep.equal(changed);
    }
  });

  it('finds a saved user only by their new names, and frees the old ones for others', async () => {
    const user = aUser({ email: 'old@example.org', username: 'Old' });
    await add(user);
    await save({ ...user, email: 'new@example.org', username: 'New' });
    expect((await stores().users.findByLogin('new@example.org'))?.id).to.equal(user.id);
    expect((await stores().users.findByLogin('nEW'))?.id).to.equal(user.id);
    expect(await stores().users.findByLogin('old')).to.equal(undefined);
    await add(aUser({ email: 'old@example.org', username: 'OLD' }));
  });

  it('refuses to save taken names, an unknown role or an unknown user, and changes nothing', async () => {
    const [user, other] = [aUser(), aUser({ username: 'Zoë' })];
    await add(user, other);
    expect(await refusalOf(save({ ...user, email: other.email }))).to.equal('email_taken');
    expect(await refusalOf(save({ ...user, username: 'zOË' }))).to.equal('username_taken');
    expect(await refusalOf(save({ ...user, roles: ['dragon'] }))).to.equal('role_not_found');
    expect(await stores().users.find(user.id)).to.deep.equal(user);
    expect(await failureOf(save(aUser()))).to.have.property('message', 'There is no such user.');
  });

  it('removes a user with their password and roles, and nothing of other users', async () => {
    const [user, other] = [aUser(), aUser()];
    const kept = aThread(other.id);
    await add(user, other);
    await stores().unitOfWork.run(async ({ passwordHashes, threads }) => {
      await passwordHashes.save(user.id, 'hash');
      await threads.add(kept);
    });
    await remove(user.id);
    expect(await stores().users.find(user.id)).to.equal(undefined);
    expect(await stores().users.findByLogin(user.email)).to.equal(undefined);
    expect(await stores().users.findByLogin(user.username as string)).to.equal(undefined);
    expect(await stores().passwordHashes.find(user.id)).to.equal(undefined);
    expect(await stores().threads.find(kept.id)).to.deep.equal(kept);
    expect(await stores().users.find(other.id)).to.deep.equal(other);
    await remove(user.id);
    await add(user);
    expect(await stores().passwordHashes.find(user.id)).to.equal(undefined);
  });

  it('removes no user who owns a thread that is there', async () => {
    const user = aUser();
    const thread = aThread(user.id);
    await add(user);
    await stores().unitOfWork.run(({ threads }) => threads.add(thread));
    await failureOf(remove(user.id));
    expect(await stores().users.find(user.id)).to.deep.equal(user);
    await stores().unitOfWork.run(({ threads }) => threads.remove(thread.id, at(1)));
    await remove(user.id);
    expect(await stores().users.find(user.id)).to.equal(undefined);
  });

  it('lists users newest first, in pages, each user once', async () => {
    const users = Array.from({ length: 7 }, () => aUser());
    await add(...users);
    const seen: UserId[] = [];
    let cursor: UserId | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await stores().reads.users.list(
        {},
        { limit: 3, ...(cursor === null ? {} : { cursor }) },
      );
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.next;
    } while (cursor !== null);
    expect(seen).to.deep.equal(users.map(({ id }) => id).reverse());
    expect((await list({}, 7)).next).to.equal(null);
    expect((await list({})).items).to.deep.equal(users.reverse());
  });

  it('finds users by part of an e-mail, a username or a display name, case-insensitively', async () => {
    const [elise, bob, pct] = [
      aUser({ email: 'elise@example.org', username: 'Lis', displayName: 'Élise the BRAVE' }),
      aUser({ email: 'bob@example.net', username: null, displayName: 'Bob' }),
      aUser({ email: 'x@example.net', username: null, displayName: "100%_'quoted'" }),
    ];
    await add(elise, bob, pct);
    const found = async (query: string) => (await list({ query })).items.map(({ id }) => id);
    expect(await found('EXAMPLE.ORG')).to.deep.equal([elise.id]);
    expect(await found('lIS')).to.deep.equal([elise.id]);
    expect(await found('éLISE the b')).to.deep.equal([elise.id]);
    expect(await found('0%_')).to.deep.equal([pct.id]);
    expect(await found("'quo")).to.deep.equal([pct.id]);
    expect(await found('%')).to.deep.equal([pct.id]);
    expect(await found('nobody')).to.deep.equal([]);
  });

  it('filters users by role and by status, also together with a query', async () => {
    const gm = aUser({ roles: ['gm'] });
    const off = aUser({ roles: ['gm', 'player'], status: 'disabled' });
    const player = aUser({ roles: ['player'] });
    await add(gm, off, player);
    const found = async (filter: UserFilter) => (await list(filter)).items.map(({ id }) => id);
    expect(await found({ role: 'gm' })).to.deep.equal([off.id, gm.id]);
    expect(await found({ status: 'active' })).to.deep.equal([player.id, gm.id]);
    expect(await found({ role: 'gm', status: 'disabled', query: off.email })).to.deep.equal([off.id]);
    expect(await found({ role: 'dragon' })).to.deep.equal([]);
  });
});

contract('Administered roles', ON_RECORD_STORES, recordStores, (stores) => {
  const bard = { name: 'bard', description: 'Sings.', builtin: false, permissions: ['chat.use'] } as const;

  it('reports whether a role is held, and removes it only if no user holds it', async () => {
    const user = aUser({ roles: ['bard'], status: 'disabled' });
    await stores().unitOfWork.run(async ({ users, roles }) => {
      await roles.save(bard);
      expect(await users.isHeld('bard')).to.equal(false);
      await users.add(user);
      expect(await users.isHeld('bard')).to.equal(true);
    });
    await failureOf(stores().unitOfWork.run(({ roles }) => roles.remove('bard')));
    expect(await stores().roles.find('bard')).to.deep.equal(bard);
    await stores().unitOfWork.run(async ({ users, roles }) => {
      await users.save({ ...user, roles: [] });
      await roles.remove('bard');
      await roles.remove('bard');
    });
    expect(await stores().roles.find('bard')).to.equal(undefined);
  });
});
