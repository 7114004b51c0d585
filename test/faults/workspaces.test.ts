/**
 * A workspace always has an owner, and an invitation makes as many members as it may, whoever comes at the same moment.
 */
import { expect } from 'chai';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { AnswerWorkspaceInvitation } from '#application/workspaces/answer-workspace-invitation.ts';
import { ChangeWorkspaceMember } from '#application/workspaces/change-workspace-member.ts';
import { DeleteWorkspace } from '#application/workspaces/delete-workspace.ts';
import { InviteToWorkspace } from '#application/workspaces/invite-to-workspace.ts';
import { RemoveWorkspaceMember } from '#application/workspaces/remove-workspace-member.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import type { Workspace } from '#domain/workspaces/workspace.ts';
import { contract } from '../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../support/backends/record-stores.ts';
import { actorFor } from '../support/builders/conversing.ts';
import { aSource, at, aUser, newId } from '../support/builders/records.ts';
import { aWorkspace, aWorkspaceMembership, memberActor } from '../support/builders/workspaces.ts';
import { rounds } from '../support/reporting/rounds.ts';

const [clock, ids] = [{ now: () => at(0) }, { next: newId }];
const audit = new AuditEntries({ clock, ids });

/** A code that no other call gives; its digest is not the point here. */
const secrets = { next: () => `code-${newId('invitation')}`, digest: (code: string) => `digest-of-${code}` };

const codeOf = (outcome: PromiseSettledResult<unknown>): string =>
  outcome.status === 'rejected' ? outcome.reason.code : 'done';

contract('Workspaces under concurrent changes', ON_RECORD_STORES, recordStores, (stores) => {
  const people: User[] = [];

  beforeEach(async () => {
    people.splice(0, Number.POSITIVE_INFINITY, ...Array.from({ length: 9 }, () => aUser({ roles: [] })));
    await stores().unitOfWork.run(async ({ users }) => {
      for (const one of people) await users.add(one);
    });
  });

  async function workspaceOf(owners: readonly User[]): Promise<Workspace> {
    const workspace = aWorkspace();
    await stores().unitOfWork.run(async ({ workspaces, workspaceMembers }) => {
      await workspaces.add(workspace);
      for (const one of owners)
        await workspaceMembers.add(aWorkspaceMembership(workspace.id, one.id, { role: 'owner' }));
    });
    return workspace;
  }

  const owner = ({ id }: Workspace, who: UserId) => memberActor(who, id, 'owner');
  const ways: Record<string, (workspace: Workspace, who: UserId) => Promise<unknown>> = {
    'steps down': (at, who) =>
      new ChangeWorkspaceMember({ ...stores(), audit }).execute(owner(at, who), at.id, who, 'admin'),
    leaves: (at, who) => new RemoveWorkspaceMember({ ...stores(), audit }).execute(owner(at, who), at.id, who),
    'is deleted': (_, who) => stores().unitOfWork.run(({ workspaceMembers }) => workspaceMembers.removeByUser(who)),
  };

  for (const [first, second] of [
    ['steps down', 'steps down'],
    ['leaves', 'leaves'],
    ['leaves', 'steps down'],
    ['is deleted', 'leaves'],
  ] as const) {
    it(`retain exactly one owner if one ${first} while the other ${second}, ${rounds(100)} times`, async function () {
      this.timeout(120_000);
      const [one, two] = people as [User, User];
      for (let round = 0; round < rounds(100); round += 1) {
        const workspace = await workspaceOf([one, two]);
        const outcomes = await Promise.allSettled([
          ways[first]?.(workspace, one.id),
          ways[second]?.(workspace, two.id),
        ]);
        expect(outcomes.map(codeOf).toSorted()).to.deep.equal(['done', 'last_owner']);
        expect(await stores().reads.workspaceMembers.countOwners(workspace.id)).to.equal(1);
        await stores().unitOfWork.run(({ workspaces }) => workspaces.remove(workspace.id));
      }
    });
  }

  it(`retain an owner if two demote each other, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const [one, two] = people as [User, User];
    const change = new ChangeWorkspaceMember({ ...stores(), audit });
    for (let round = 0; round < rounds(100); round += 1) {
      const workspace = await workspaceOf([one, two]);
      const { id } = workspace;
      const outcomes = await Promise.allSettled([
        change.execute(owner(workspace, one.id), id, two.id, 'reader'),
        change.execute(owner(workspace, two.id), id, one.id, 'reader'),
      ]);
      expect(outcomes.map(codeOf).toSorted()).to.deep.equal(['done', 'workspace_admin_required']);
      expect(await stores().reads.workspaceMembers.countOwners(id)).to.equal(1);
      await stores().unitOfWork.run(({ workspaces }) => workspaces.remove(id));
    }
  });

  it(`admit exactly three of eight users who race for an invitation with three uses, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const [host, ...racers] = people as [User, ...User[]];
    const invite = new InviteToWorkspace({ ...stores(), audit, secrets, clock, ids });
    const answer = new AnswerWorkspaceInvitation({ ...stores(), audit, secrets, clock });
    for (let round = 0; round < rounds(100); round += 1) {
      const workspace = await workspaceOf([host]);
      const input = { role: 'editor', email: null, maxUses: 3 } as const;
      const { code, invitation } = await invite.execute(owner(workspace, host.id), workspace.id, input);
      const outcomes = await Promise.allSettled(
        racers.map((racer) => answer.execute(actorFor(racer.id), { code, answer: 'accept' })),
      );
      const expected = [...Array(3).fill('done'), ...Array(5).fill('invitation_used_up')];
      expect(outcomes.map(codeOf).toSorted()).to.deep.equal(expected);
      const { items } = await stores().reads.workspaceMembers.list(workspace.id, { limit: 20 });
      expect(items).to.have.length(4);
      expect((await stores().reads.workspaceInvitations.find(workspace.id, invitation.id))?.uses).to.equal(3);
    }
  });

  it(`are deleted only if nothing is added to them at the same moment, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const [host] = people as [User];
    for (let round = 0; round < rounds(100); round += 1) {
      const workspace = await workspaceOf([host]);
      const source = aSource({ workspaceId: workspace.id });
      const [deleted, added] = await Promise.allSettled([
        new DeleteWorkspace({ ...stores(), audit, clock }).execute(owner(workspace, host.id), workspace.id),
        stores().unitOfWork.run(({ sources }) => sources.add(source)),
      ]);
      const left = await stores().reads.workspaces.find(workspace.id);
      const found = await stores().reads.sources.find(source.id);
      expect([left === undefined, found === undefined]).to.deep.equal(
        deleted.status === 'fulfilled' ? [true, true] : [false, false],
      );
      expect(added.status === 'fulfilled').to.equal(deleted.status === 'rejected');
    }
  });
});
