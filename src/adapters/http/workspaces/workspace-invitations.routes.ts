/** Invitations to workspaces, as their admins make them and take them back. */
import { z } from 'zod';
import type { CheckWorkspaceGiver } from '#application/workspaces/check-workspace-giver.ts';
import type { InviteToWorkspace } from '#application/workspaces/invite-to-workspace.ts';
import type { ListWorkspaceInvitations } from '#application/workspaces/list-workspace-invitations.ts';
import type { RevokeWorkspaceInvitation } from '#application/workspaces/revoke-workspace-invitation.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId } from '../declaration/input.ts';
import { codeFields, invitation, invitationCursor, terms, toCodeJson, toTerms } from '../declaration/invitations.ts';
import { pageOf } from '../declaration/output.ts';
import { type Reply, type Route, route } from '../declaration/route.ts';
import { toWorkspaceInvitationJson, workspaceInvitationSchema, workspaceRole } from './schemas.ts';

export type WorkspaceInvitationUseCases = Readonly<{
  inviteToWorkspace: InviteToWorkspace;
  checkWorkspaceGiver: CheckWorkspaceGiver;
  listWorkspaceInvitations: ListWorkspaceInvitations;
  revokeWorkspaceInvitation: RevokeWorkspaceInvitation;
}>;

const tag = 'Workspaces';
const access = 'session';
const workspace = pathId('workspace', workspaceNotFound);

export function workspaceInvitationRoutes(useCases: WorkspaceInvitationUseCases): Route[] {
  return [inviteToWorkspace(useCases), listInvitations(useCases), revokeInvitation(useCases)];
}

function inviteToWorkspace({ inviteToWorkspace, checkWorkspaceGiver }: WorkspaceInvitationUseCases): Route {
  const withoutCode = (made: WorkspaceInvitation) => ({ status: 201, body: toWorkspaceInvitationJson(made) });
  return route({
    method: 'post',
    path: '/workspaces/{id}/invitations',
    tag,
    summary: 'Invite to a workspace, as its admin. The code appears in this answer and nowhere else.',
    access,
    params: { id: workspace },
    body: jsonBody(
      z.strictObject({
        role: workspaceRole.default('reader').describe('Only an owner can invite an owner.'),
        ...terms,
      }),
      { optional: true },
    ),
    idempotent: true,
    returns: { 201: workspaceInvitationSchema.extend(codeFields).meta({ id: 'InvitedToWorkspace' }) },
    errors: [workspaceErrors.adminRequired, workspaceErrors.ownerRequired, workspaceErrors.homeWorkspace],
    async handle({ actor, params, body, client, storeResponse }) {
      const input = { role: body.role, ...toTerms(body) };
      const made = await inviteToWorkspace.execute(actor, params.id, input, storeResponse(withoutCode));
      const shown = { ...toWorkspaceInvitationJson(made.invitation), ...toCodeJson(made.code, client) };
      return { status: 201, body: shown };
    },
    async replay({ actor, params, body }, stored) {
      await checkWorkspaceGiver.execute(actor, params.id, body.role);
      return stored as Reply;
    },
  });
}

function listInvitations({ listWorkspaceInvitations }: WorkspaceInvitationUseCases): Route {
  return route({
    method: 'get',
    path: '/workspaces/{id}/invitations',
    tag,
    summary: 'The invitations to a workspace, newest first, for its admins.',
    access,
    params: { id: workspace },
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(workspaceInvitationSchema) },
    errors: [httpErrors.malformedCursor, workspaceErrors.adminRequired],
    async handle({ actor, params, query }) {
      const { items, next } = await listWorkspaceInvitations.execute(actor, params.id, invitationCursor.decode(query));
      const shown = items.map(toWorkspaceInvitationJson);
      return { status: 200, body: { items: shown, next_cursor: invitationCursor.encode(next) } };
    },
  });
}

function revokeInvitation({ revokeWorkspaceInvitation }: WorkspaceInvitationUseCases): Route {
  return route({
    method: 'delete',
    path: '/workspaces/{id}/invitations/{invitation_id}',
    tag,
    summary: 'Take an invitation back, as an admin of the workspace.',
    access,
    params: { id: workspace, invitation_id: invitation },
    returns: { 204: null },
    errors: [workspaceErrors.adminRequired],
    async handle({ actor, params }) {
      await revokeWorkspaceInvitation.execute(actor, params.id, params.invitation_id);
      return { status: 204 };
    },
  });
}
