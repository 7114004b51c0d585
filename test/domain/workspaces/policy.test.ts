/** What the roles of a workspace give, who may give them, and where an actor's call belongs. */
import { expect } from 'chai';
import { rightsOfToken } from '#domain/identity/api-token.ts';
import { holds, holdsIn, isMemberOf, workspaceFor } from '#domain/shared/actor.ts';
import { HOME_ID, isAtLeast, WORKSPACE_ROLES, workspaceRights } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { mayGive, requireGiver, requireMember } from '#domain/workspaces/policy.ts';
import { checkEmpty, checkOwnerRemains } from '#domain/workspaces/workspace.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { aUser, newId } from '../../support/builders/records.ts';
import { aWorkspaceMembership, memberActor } from '../../support/builders/workspaces.ts';
import { codesByKind, outcomeOf } from '../../support/reporting/refusals.ts';

const id = newId('workspace');
const user = aUser().id;

describe('the rights of a user', () => {
  it('begin with Home, where a row never takes away what the role admin gives', () => {
    const stored = [{ workspaceId: id, role: 'editor' } as const, { workspaceId: HOME_ID, role: 'editor' } as const];
    const named = (runsAll: boolean) => workspaceRights(stored, runsAll).map((right) => [right.id, right.role]);
    expect(named(false)).to.deep.equal([
      [HOME_ID, 'editor'],
      [id, 'editor'],
    ]);
    expect(named(true)[0]).to.deep.equal([HOME_ID, 'owner']);
    expect(workspaceRights([], false).map(({ role }) => role)).to.deep.equal(['reader']);
  });

  it('are those of the role within its workspace, beside what they hold everywhere', () => {
    const editor = memberActor(user, id, 'editor');
    expect(holdsIn(editor, id, 'sources.write')).to.equal(true);
    expect(holdsIn(editor, HOME_ID, 'sources.write')).to.equal(false);
    expect(holdsIn(editor, id, 'sources.grant')).to.equal(false);
    expect(holds(editor, 'sources.write')).to.equal(true);
    expect(holds(editor, 'sources.grant')).to.equal(false);
    for (const role of ['owner', 'admin'] as const)
      for (const permission of ['sources.write', 'sources.grant', 'games.manage'])
        expect(holdsIn(memberActor(user, id, role), id, permission), `${role}: ${permission}`).to.equal(true);
    const everywhere = actorFor(user, 'games.manage');
    expect([holdsIn(everywhere, HOME_ID, 'games.manage'), holdsIn(everywhere, id, 'games.manage')]).to.deep.equal([
      true,
      false,
    ]);
  });

  it('are cut down to the scopes of a token, and to the workspace and its things for one that is bound', () => {
    const workspaces = workspaceRights([{ workspaceId: id, role: 'admin' }], false);
    const owner = { permissions: ['users.read', 'chat.use'] as const, workspaces };
    const scopes = ['users.read', 'chat.use', 'sources.write'] as const;
    const free = rightsOfToken({ scopes, workspaceId: null }, owner);
    expect(free.permissions).to.deep.equal(['users.read', 'chat.use']);
    expect(free.workspaces.map((right) => right.permissions)).to.deep.equal([[], ['sources.write']]);
    const bound = rightsOfToken({ scopes, workspaceId: id }, owner);
    expect(bound.permissions).to.deep.equal(['chat.use']);
    expect(bound.workspaces).to.deep.equal([{ id, role: 'admin', permissions: ['sources.write'] }]);
    expect(rightsOfToken({ scopes, workspaceId: newId('workspace') }, owner).workspaces).to.deep.equal([]);
  });
});

describe('the workspace of a call', () => {
  it('is the one that is named, else the first; for who is no member there is none', () => {
    const editor = memberActor(user, id, 'editor');
    expect([workspaceFor(editor, undefined), workspaceFor(editor, id)]).to.deep.equal([HOME_ID, id]);
    expect(outcomeOf(() => workspaceFor(editor, newId('workspace')))).to.equal('workspace_not_found');
    expect(outcomeOf(() => workspaceFor({ ...editor, workspaces: [] }, undefined))).to.equal('workspace_not_found');
    expect([isMemberOf(editor, id), isMemberOf(actorFor(user), id)]).to.deep.equal([true, false]);
    expect(requireMember(editor, id)).to.equal('editor');
    expect(outcomeOf(() => requireMember(actorFor(user), id))).to.equal('workspace_not_found');
  });
});

describe('the roles of a workspace', () => {
  it('stand in order, and are given by admins up to their own', () => {
    for (const [i, role] of WORKSPACE_ROLES.entries())
      for (const [j, other] of WORKSPACE_ROLES.entries()) {
        expect(isAtLeast(role, other), `${role}, ${other}`).to.equal(i <= j);
        expect(mayGive(role, other), `${role} gives ${other}`).to.equal(i <= 1 && i <= j);
      }
    expect(outcomeOf(() => requireGiver('editor', 'reader'))).to.equal('workspace_admin_required');
    expect(outcomeOf(() => requireGiver('admin', 'owner'))).to.equal('workspace_owner_required');
    expect(outcomeOf(() => requireGiver('owner', 'owner'))).to.equal('ok');
  });

  it('always have an owner, except that those of Home are the admins', () => {
    const owner = aWorkspaceMembership(id, user, { role: 'owner' });
    expect(outcomeOf(() => checkOwnerRemains(owner, 'admin', 1))).to.equal('last_owner');
    expect(outcomeOf(() => checkOwnerRemains(owner, null, 1))).to.equal('last_owner');
    expect(outcomeOf(() => checkOwnerRemains(owner, 'owner', 1))).to.equal('ok');
    expect(outcomeOf(() => checkOwnerRemains(owner, null, 2))).to.equal('ok');
    expect(outcomeOf(() => checkOwnerRemains({ ...owner, role: 'admin' }, null, 1))).to.equal('ok');
    expect(outcomeOf(() => checkOwnerRemains({ ...owner, workspaceId: HOME_ID }, null, 0))).to.equal('ok');
  });

  it('delete what is empty alone', () => {
    const nothing = { games: 0, sources: 0, threads: 0 };
    expect(outcomeOf(() => checkEmpty(nothing))).to.equal('ok');
    for (const what of ['games', 'sources', 'threads'])
      expect(outcomeOf(() => checkEmpty({ ...nothing, [what]: 1 }))).to.equal('workspace_not_empty');
  });

  it('are refused with the kind that says what can be done about it', () => {
    expect(codesByKind(workspaceErrors)).to.deep.equal({
      not_found: 'workspace_member_not_found',
      limited: 'quota_exceeded',
      forbidden: 'single_workspace workspace_admin_required workspace_owner_required',
      conflict: 'already_in_workspace home_owner home_workspace last_owner workspace_not_empty',
    });
  });
});
