/** The members of a workspace. */
import { z } from 'zod';
import type { AddWorkspaceMember } from '#application/workspaces/add-workspace-member.ts';
import type { ChangeWorkspaceMember } from '#application/workspaces/change-workspace-member.ts';
import type { ListWorkspaceMembers } from '#application/workspaces/list-workspace-members.ts';
import type { RemoveWorkspaceMember } from '#application/workspaces/remove-workspace-member.ts';
import { gameErrors } from '#domain/games/errors.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { bodyId, cursor, limit, pathId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { toWorkspaceMemberJson, workspaceMemberSchema, workspaceRole } from './schemas.ts';

export type WorkspaceMemberUseCases = Readonly<{
  listWorkspaceMembers: ListWorkspaceMembers;
  addWorkspaceMember: AddWorkspaceMember;
  changeWorkspaceMember: ChangeWorkspaceMember;
  removeWorkspaceMember: RemoveWorkspaceMember;
}>;

const tag = 'Workspaces';
const access = 'session';
const workspace = pathId('workspace', workspaceNotFound);
const user = pathId('user', workspaceErrors.memberNotFound);
const memberCursor = timeCursor(user.schema);
const { adminRequired, ownerRequired, homeWorkspace, lastOwner, homeOwner, alreadyMember } = workspaceErrors;

export function workspaceMemberRoutes(useCases: WorkspaceMemberUseCases): Route[] {
  return [listMembers(useCases), addMember(useCases), changeMember(useCases), removeMember(useCases)];
}

function listMembers({ listWorkspaceMembers }: WorkspaceMemberUseCases): Route {
  return route({
    method: 'get',
    path: '/workspaces/{id}/members',
    tag,
    summary: 'Who is in a workspace, in the order in which they joined. Those of Home are for its admins alone.',
    access,
    params: { id: workspace },
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(workspaceMemberSchema) },
    errors: [httpErrors.malformedCursor, adminRequired],
    async handle({ actor, params, query }) {
      const { items, next } = await listWorkspaceMembers.execute(actor, params.id, memberCursor.decode(query));
      return { status: 200, body: { items: items.map(toWorkspaceMemberJson), next_cursor: memberCursor.encode(next) } };
    },
  });
}

function addMember({ addWorkspaceMember }: WorkspaceMemberUseCases): Route {
  return route({
    method: 'post',
    path: '/workspaces/{id}/members',
    tag,
    summary: 'Make a user a member, as an admin of the workspace. Only owners make owners.',
    access,
    params: { id: workspace },
    body: jsonBody(z.strictObject({ user_id: bodyId('user'), role: workspaceRole })),
    returns: { 201: workspaceMemberSchema },
    errors: [adminRequired, ownerRequired, identityErrors.userNotFound, alreadyMember, homeWorkspace],
    async handle({ actor, params, body }) {
      const member = await addWorkspaceMember.execute(actor, params.id, body.user_id, body.role);
      return { status: 201, body: toWorkspaceMemberJson(member) };
    },
  });
}

function changeMember({ changeWorkspaceMember }: WorkspaceMemberUseCases): Route {
  return route({
    method: 'patch',
    path: '/workspaces/{id}/members/{user_id}',
    tag,
    summary: 'Change what a member is, as an admin of the workspace. There is always an owner.',
    access,
    params: { id: workspace, user_id: user },
    body: jsonBody(z.strictObject({ role: workspaceRole })),
    returns: { 200: workspaceMemberSchema },
    errors: [adminRequired, ownerRequired, lastOwner, homeOwner],
    async handle({ actor, params, body }) {
      const changed = await changeWorkspaceMember.execute(actor, params.id, params.user_id, body.role);
      return { status: 200, body: toWorkspaceMemberJson(changed) };
    },
  });
}

function removeMember({ removeWorkspaceMember }: WorkspaceMemberUseCases): Route {
  return route({
    method: 'delete',
    path: '/workspaces/{id}/members/{user_id}',
    tag,
    summary:
      'Remove a member, as an admin of the workspace; or leave it. They leave its games too; their own conversations there are hidden until they come back.',
    access,
    params: { id: workspace, user_id: user },
    returns: { 204: null },
    errors: [adminRequired, ownerRequired, homeWorkspace, lastOwner, gameErrors.lastGm],
    async handle({ actor, params }) {
      await removeWorkspaceMember.execute(actor, params.id, params.user_id);
      return { status: 204 };
    },
  });
}
