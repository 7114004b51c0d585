/** What every store of workspaces promises. */
import { expect } from 'chai';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import type { Workspace } from '#domain/workspaces/workspace.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, aSource, aThread, at, aUser } from '../../support/builders/records.ts';
import { aWorkspace, aWorkspaceInvitation, aWorkspaceMembership } from '../../support/builders/workspaces.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

contract('Workspaces', ON_RECORD_STORES, recordStores, (stores) => {
  const user = aUser();
  const add = (...workspaces: readonly Workspace[]) =>
    stores().unitOfWork.run(async (repos) => {
      for (const one of workspaces) await repos.workspaces.add(one);
    });
  const remove = ({ id }: Workspace) => stores().unitOfWork.run(({ workspaces }) => workspaces.remove(id));
  const find = ({ id }: Workspace) => stores().reads.workspaces.find(id);

  beforeEach(() => stores().unitOfWork.run(({ users }) => users.add(user)));

  it('has Home from the start, which nobody has opened', async () => {
    const home = await stores().reads.workspaces.find(HOME_ID);
    expect(home).to.include({ id: HOME_ID, name: 'Home', createdByUserId: null });
  });

  it('returns every field as it was added, and as it was saved later', async () => {
    const workspace = aWorkspace({ createdByUserId: user.id });
    await add(workspace);
    expect(await find(workspace)).to.deep.equal(workspace);
    const changed = { ...workspace, name: 'The South' };
    await stores().unitOfWork.run(({ workspaces }) => workspaces.save(changed));
    expect(await find(workspace)).to.deep.equal(changed);
    expect(await find(aWorkspace())).to.equal(undefined);
  });

  it('lists those that are named, newest first, in pages without gaps or duplicates', async () => {
    const made = [at(1), at(3), at(2)].map((createdAt) => aWorkspace({ createdAt }));
    await add(...made, aWorkspace());
    const ids = made.map(({ id }) => id);
    const { workspaces } = stores().reads;
    const first = await workspaces.list(ids, { limit: 2 });
    const second = await workspaces.list(ids, { limit: 2, ...(first.next && { cursor: first.next }) });
    expect([...first.items, ...second.items]).to.deep.equal([made[1], made[2], made[0]]);
    expect(second.next).to.equal(null);
    expect(await workspaces.list([], { limit: 2 })).to.deep.equal({ items: [], next: null });
  });

  it('loses its creator with the user, and goes with its memberships and invitations', async () => {
    const [workspace, other] = [aWorkspace({ createdByUserId: user.id }), aWorkspace()];
    const invitation = aWorkspaceInvitation(workspace.id, { createdByUserId: user.id });
    await add(workspace, other);
    await stores().unitOfWork.run(async ({ workspaceMembers, workspaceInvitations }) => {
      for (const { id } of [workspace, other]) await workspaceMembers.add(aWorkspaceMembership(id, user.id));
      await workspaceInvitations.add(invitation);
    });
    await remove(workspace);
    expect(await find(workspace)).to.equal(undefined);
    const left = await stores().workspaceMembers.listByUser(user.id);
    expect(left.map(({ workspaceId }) => workspaceId)).to.deep.equal([other.id]);
    expect(await stores().reads.workspaceInvitations.findByDigest(invitation.digest)).to.equal(undefined);
    await add(workspace);
    await stores().unitOfWork.run(async (repos) => {
      await repos.workspaceInvitations.add(invitation);
      await repos.users.remove(user.id);
    });
    expect((await find(workspace))?.createdByUserId).to.equal(null);
    const stored = await stores().reads.workspaceInvitations.find(workspace.id, invitation.id);
    expect(stored?.createdByUserId).to.equal(null);
  });

  it('counts what it owns, without private threads of those who have left, and is not removed while it owns a thing', async () => {
    const [workspace, leaver] = [aWorkspace(), aUser()];
    const where = { workspaceId: workspace.id };
    const [game, source] = [aGame(null, where), aSource(where)];
    const [own, hidden] = [aThread(user.id, where), aThread(leaver.id, where)];
    await add(workspace);
    await stores().unitOfWork.run(async (repos) => {
      await repos.users.add(leaver);
      await repos.workspaceMembers.add(aWorkspaceMembership(workspace.id, user.id));
      await repos.games.add(game);
      await repos.sources.add(source);
      await repos.threads.add(aThread(leaver.id, { ...where, gameId: game.id }));
      for (const thread of [own, hidden]) await repos.threads.add(thread);
    });
    const counted = () => stores().reads.workspaces.countContents(workspace.id);
    expect(await counted()).to.deep.equal({ games: 1, sources: 1, threads: 2 });
    await failureOf(remove(workspace));
    await stores().unitOfWork.run(async (repos) => {
      await repos.games.remove(game.id);
      await repos.sources.remove(source.id);
      await repos.threads.remove(own.id, at(5));
    });
    expect(await counted()).to.deep.equal({ games: 0, sources: 0, threads: 0 });
    await failureOf(remove(workspace));
    await stores().unitOfWork.run(async ({ threads, workspaces }) => {
      await threads.removeByWorkspace(workspace.id, at(5));
      await workspaces.remove(workspace.id);
    });
    expect(await stores().threads.find(hidden.id)).to.equal(undefined);
    expect(await find(workspace)).to.equal(undefined);
  });

  it('owns games, sources and threads only where it exists', async () => {
    const where = { workspaceId: aWorkspace().id };
    await failureOf(stores().unitOfWork.run(({ games }) => games.add(aGame(null, where))));
    await failureOf(stores().unitOfWork.run(({ sources }) => sources.add(aSource(where))));
    await failureOf(stores().unitOfWork.run(({ threads }) => threads.add(aThread(user.id, where))));
  });

  it('has titles of its own: two workspaces may each have a source of the same title and edition', async () => {
    const workspace = aWorkspace();
    await add(workspace);
    const [one, other] = [aSource(), aSource({ workspaceId: workspace.id })].map((source) => ({
      ...source,
      title: 'Tome',
    }));
    const addSource = (source: typeof one) => stores().unitOfWork.run(({ sources }) => sources.add(source!));
    await addSource(one);
    await addSource(other);
    const again = { ...aSource({ workspaceId: workspace.id }), title: 'tome' };
    expect(await refusalOf(addSource(again))).to.equal('source_taken');
  });

  it('passes threads in its games on, and those of other workspaces not', async () => {
    const [workspace, gm] = [aWorkspace(), aUser()];
    await add(workspace);
    const [there, here] = [aGame(null, { workspaceId: workspace.id }), aGame(null)];
    const [passes, stays] = [there, here].map(({ id, workspaceId }) => aThread(user.id, { gameId: id, workspaceId }));
    await stores().unitOfWork.run(async (repos) => {
      await repos.users.add(gm);
      for (const game of [there, here]) {
        await repos.games.add(game);
        for (const userId of [gm.id, user.id])
          await repos.memberships.add({ gameId: game.id, userId, roleInGame: 'gm', joinedAt: at(0) });
      }
      for (const thread of [passes, stays]) await repos.threads.add(thread!);
      await repos.memberships.removeFromWorkspace(user.id, workspace.id);
      await repos.threads.transferInWorkspace(user.id, workspace.id);
    });
    expect((await stores().threads.find(passes!.id))?.ownerId).to.equal(gm.id);
    expect((await stores().threads.find(stays!.id))?.ownerId).to.equal(user.id);
    const { memberships } = stores();
    expect(await memberships.findRole(there.id, user.id)).to.equal(undefined);
    expect(await memberships.findRole(here.id, user.id)).to.equal('gm');
    const leave = stores().unitOfWork.run((repos) => repos.memberships.removeFromWorkspace(gm.id, workspace.id));
    expect(await refusalOf(leave)).to.equal('last_gm');
  });
});
