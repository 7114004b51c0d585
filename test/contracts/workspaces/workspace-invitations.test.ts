/** What every store of invitations to workspaces promises beyond what those to games have proved of the same code. */
import { expect } from 'chai';
import type { Workspace } from '#domain/workspaces/workspace.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { at } from '../../support/builders/records.ts';
import { aWorkspace, aWorkspaceInvitation } from '../../support/builders/workspaces.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('WorkspaceInvitations', ON_RECORD_STORES, recordStores, (stores) => {
  let [one, other]: Workspace[] = [];
  const id = (workspace: Workspace | undefined) => (workspace as Workspace).id;
  const add = (...invitations: readonly ReturnType<typeof aWorkspaceInvitation>[]) =>
    stores().unitOfWork.run(async (repos) => {
      for (const invitation of invitations) await repos.workspaceInvitations.add(invitation);
    });

  beforeEach(async () => {
    [one, other] = [aWorkspace(), aWorkspace()];
    await stores().unitOfWork.run(async ({ workspaces }) => {
      for (const workspace of [one, other]) await workspaces.add(workspace as Workspace);
    });
  });

  it('returns every field as it was stored, by id within its workspace and by digest', async () => {
    const full = aWorkspaceInvitation(id(one), { role: 'owner', revokedAt: at(9) });
    const bare = aWorkspaceInvitation(id(one), { email: null });
    await add(full, bare);
    const { workspaceInvitations } = stores().reads;
    expect(await workspaceInvitations.find(id(one), full.id)).to.deep.equal(full);
    expect(await workspaceInvitations.findByDigest(bare.digest)).to.deep.equal(bare);
    expect(await workspaceInvitations.find(id(other), full.id)).to.equal(undefined);
    expect(await stores().reads.invitations.findByDigest(bare.digest)).to.equal(undefined);
    const { items } = await workspaceInvitations.list(id(one), { limit: 9 });
    expect(items).to.have.deep.members([full, bare]);
    expect((await workspaceInvitations.list(id(other), { limit: 9 })).items).to.deep.equal([]);
  });

  it('takes none of a workspace that does not exist or into a role that is none', async () => {
    await failureOf(add(aWorkspaceInvitation(aWorkspace().id)));
    await failureOf(add(aWorkspaceInvitation(id(one), { role: 'dragon' as 'owner' })));
    expect((await stores().reads.workspaceInvitations.list(id(one), { limit: 9 })).items).to.deep.equal([]);
  });

  it('is used at most as often as it may be, even concurrently, and not after it was revoked', async () => {
    const invitation = aWorkspaceInvitation(id(one), { maxUses: 3, uses: 1 });
    await add(invitation);
    const use = () => stores().unitOfWork.run((repos) => repos.workspaceInvitations.use(invitation.id));
    const used = await Promise.all([use(), use(), use(), use()]);
    expect(used.filter((each) => each)).to.have.length(2);
    const revoked = aWorkspaceInvitation(id(one), { uses: 0 });
    await add(revoked);
    await stores().unitOfWork.run((repos) => repos.workspaceInvitations.revoke(revoked.id, at(5)));
    expect(await stores().unitOfWork.run((repos) => repos.workspaceInvitations.use(revoked.id))).to.equal(false);
  });
});
