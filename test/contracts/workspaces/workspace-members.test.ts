/** What every store of memberships in workspaces promises. */
import { expect } from 'chai';
import type { User } from '#domain/identity/user.ts';
import { HOME_ID, type WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import type { Workspace } from '#domain/workspaces/workspace.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { at, aUser } from '../../support/builders/records.ts';
import { aWorkspace, aWorkspaceMembership } from '../../support/builders/workspaces.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

contract('WorkspaceMembers', ON_RECORD_STORES, recordStores, (stores) => {
  let [one, two, admin]: User[] = [];
  let workspace: Workspace;
  const id = (user: User | undefined) => (user as User).id;
  const add = (user: User | undefined, fields: Parameters<typeof aWorkspaceMembership>[2] = {}) =>
    stores().unitOfWork.run(({ workspaceMembers }) =>
      workspaceMembers.add(aWorkspaceMembership(workspace.id, id(user), fields)),
    );
  const give = (user: User | undefined, role: WorkspaceRole, where = HOME_ID) =>
    stores().unitOfWork.run(({ workspaceMembers }) =>
      workspaceMembers.save(aWorkspaceMembership(where, id(user), { role })),
    );
  const find = (user: User | undefined, where = workspace.id) => stores().reads.workspaceMembers.find(where, id(user));

  beforeEach(async () => {
    const roles = ['player'];
    [one, two] = [aUser({ roles, createdAt: at(1) }), aUser({ roles, createdAt: at(2) })];
    admin = aUser({ roles: ['admin', 'player'], createdAt: at(3) });
    workspace = aWorkspace();
    await stores().unitOfWork.run(async ({ users, workspaces }) => {
      for (const user of [one, two, admin]) await users.add(user as User);
      await workspaces.add(workspace);
    });
  });

  it('returns a member with every field and the name of now, and nobody who is none', async () => {
    await add(one, { role: 'editor', joinedAt: at(7) });
    const { displayName } = one as User;
    const expected = { workspaceId: workspace.id, userId: id(one), role: 'editor', joinedAt: at(7), displayName };
    expect(await find(one)).to.deep.equal(expected);
    expect(await find(two)).to.equal(undefined);
    const { workspaceMembers } = stores().reads;
    expect(await workspaceMembers.getRole(workspace.id, id(one))).to.equal('editor');
    expect(await refusalOf(workspaceMembers.getRole(workspace.id, id(two)))).to.equal('user_not_found');
    expect(await refusalOf(workspaceMembers.getRole(HOME_ID, aUser().id))).to.equal('user_not_found');
  });

  it('has all users in Home: readers unless a row says more, and owners who have the role admin', async () => {
    const { displayName } = one as User;
    const expected = { workspaceId: HOME_ID, userId: id(one), role: 'reader', joinedAt: at(1), displayName };
    expect(await find(one, HOME_ID)).to.deep.equal(expected);
    await give(two, 'editor');
    await give(admin, 'editor');
    const { items } = await stores().reads.workspaceMembers.list(HOME_ID, { limit: 9 });
    const roles = items.map(({ userId, role }) => [userId, role]);
    expect(roles).to.deep.equal([
      [id(one), 'reader'],
      [id(two), 'editor'],
      [id(admin), 'owner'],
    ]);
    await stores().unitOfWork.run(({ workspaceMembers }) => workspaceMembers.remove(HOME_ID, id(two)));
    expect((await find(two, HOME_ID))?.role).to.equal('reader');
  });

  it('lists the members of one workspace in the order in which they joined, in pages', async () => {
    await add(one, { joinedAt: at(9) });
    await add(two, { joinedAt: at(8) });
    const { workspaceMembers } = stores().reads;
    const first = await workspaceMembers.list(workspace.id, { limit: 1 });
    const second = await workspaceMembers.list(workspace.id, { limit: 1, ...(first.next && { cursor: first.next }) });
    expect([...first.items, ...second.items].map(({ userId }) => userId)).to.deep.equal([id(two), id(one)]);
    expect(second.next).to.equal(null);
    const home = await workspaceMembers.list(HOME_ID, { limit: 2 });
    const rest = await workspaceMembers.list(HOME_ID, { limit: 2, ...(home.next && { cursor: home.next }) });
    expect([...home.items, ...rest.items].map(({ userId }) => userId)).to.deep.equal([one, two, admin].map(id));
  });

  it('tells what is stored of a user, oldest first, inside and outside of units of work', async () => {
    await give(one, 'admin');
    await add(one, { role: 'owner', joinedAt: at(-1) });
    const stored = [
      aWorkspaceMembership(workspace.id, id(one), { role: 'owner', joinedAt: at(-1) }),
      aWorkspaceMembership(HOME_ID, id(one), { role: 'admin' }),
    ];
    expect(await stores().workspaceMembers.listByUser(id(one))).to.deep.equal(stored);
    await stores().unitOfWork.run(async ({ workspaceMembers }) => {
      expect(await workspaceMembers.listByUser(id(one))).to.deep.equal(stored);
      expect(await workspaceMembers.listByUser(id(two))).to.deep.equal([]);
    });
  });

  it('makes nobody a member twice, nor of a workspace that is not there or in a role that is none, nor a stranger', async () => {
    await add(one);
    expect(await refusalOf(add(one))).to.equal('already_in_workspace');
    expect(await refusalOf(add(aUser()))).to.equal('user_not_found');
    await failureOf(add(two, { role: 'dragon' as 'owner' }));
    await failureOf(add(two, { workspaceId: aWorkspace().id }));
    expect(await find(two)).to.equal(undefined);
  });

  it('removes a user from all workspaces, unless one would be left without an owner; Home never is', async () => {
    await give(one, 'owner');
    await add(one, { role: 'owner' });
    const leave = () => stores().unitOfWork.run(({ workspaceMembers }) => workspaceMembers.removeByUser(id(one)));
    expect(await refusalOf(leave())).to.equal('last_owner');
    expect((await find(one))?.role).to.equal('owner');
    await add(two, { role: 'owner' });
    expect(await stores().reads.workspaceMembers.countOwners(workspace.id)).to.equal(2);
    await leave();
    expect(await stores().workspaceMembers.listByUser(id(one))).to.deep.equal([]);
    expect(await stores().reads.workspaceMembers.countOwners(workspace.id)).to.equal(1);
  });

  it('goes with the user', async () => {
    await add(one);
    await stores().unitOfWork.run(({ users }) => users.remove(id(one)));
    expect(await find(one)).to.equal(undefined);
    expect(await find(one, HOME_ID)).to.equal(undefined);
  });
});
