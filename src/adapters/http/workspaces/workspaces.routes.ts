/** Workspaces: opening, listing, renaming and deleting them. */
import { z } from 'zod';
import type { ChangeWorkspace } from '#application/workspaces/change-workspace.ts';
import type { DeleteWorkspace } from '#application/workspaces/delete-workspace.ts';
import type { ListWorkspaces } from '#application/workspaces/list-workspaces.ts';
import type { OpenWorkspace } from '#application/workspaces/open-workspace.ts';
import type { ReadWorkspace } from '#application/workspaces/read-workspace.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import type { SeenWorkspace } from '#domain/workspaces/policy.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { toWorkspaceJson, workspaceSchema } from './schemas.ts';

export type WorkspaceUseCases = Readonly<{
  listWorkspaces: ListWorkspaces;
  openWorkspace: OpenWorkspace;
  readWorkspace: ReadWorkspace;
  changeWorkspace: ChangeWorkspace;
  deleteWorkspace: DeleteWorkspace;
}>;

const tag = 'Workspaces';
const workspace = pathId('workspace', workspaceNotFound);
const workspaceCursor = timeCursor(workspace.schema);
const named = jsonBody(z.strictObject({ name: text(1, 200) }));

export function workspaceRoutes(useCases: WorkspaceUseCases): Route[] {
  return [
    listWorkspaces(useCases),
    openWorkspace(useCases),
    readWorkspace(useCases),
    changeWorkspace(useCases),
    deleteWorkspace(useCases),
  ];
}

function listWorkspaces({ listWorkspaces }: WorkspaceUseCases): Route {
  return route({
    method: 'get',
    path: '/workspaces',
    tag,
    summary: 'The workspaces that I am a member of, newest first.',
    access: 'signed_in',
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(workspaceSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query }) {
      const { items, next } = await listWorkspaces.execute(actor, workspaceCursor.decode(query));
      return { status: 200, body: { items: items.map(toWorkspaceJson), next_cursor: workspaceCursor.encode(next) } };
    },
  });
}

function openWorkspace({ openWorkspace }: WorkspaceUseCases): Route {
  const reply = (opened: SeenWorkspace) => ({ status: 201, body: toWorkspaceJson(opened) });
  return route({
    method: 'post',
    path: '/workspaces',
    tag,
    summary: 'Open a workspace. I am its first owner.',
    access: 'workspaces.create',
    body: named,
    idempotent: true,
    returns: { 201: workspaceSchema },
    errors: [workspaceErrors.singleWorkspace],
    async handle({ actor, body, storeResponse }) {
      return reply(await openWorkspace.execute(actor, body.name, storeResponse(reply)));
    },
  });
}

function readWorkspace({ readWorkspace }: WorkspaceUseCases): Route {
  return route({
    method: 'get',
    path: '/workspaces/{id}',
    tag,
    summary: 'One workspace, for its members.',
    access: 'signed_in',
    params: { id: workspace },
    returns: { 200: workspaceSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toWorkspaceJson(await readWorkspace.execute(actor, params.id)) };
    },
  });
}

function changeWorkspace({ changeWorkspace }: WorkspaceUseCases): Route {
  return route({
    method: 'patch',
    path: '/workspaces/{id}',
    tag,
    summary: 'Rename a workspace, as its admin.',
    access: 'session',
    params: { id: workspace },
    body: named,
    returns: { 200: workspaceSchema },
    errors: [workspaceErrors.adminRequired],
    async handle({ actor, params, body }) {
      return { status: 200, body: toWorkspaceJson(await changeWorkspace.execute(actor, params.id, body.name)) };
    },
  });
}

function deleteWorkspace({ deleteWorkspace }: WorkspaceUseCases): Route {
  return route({
    method: 'delete',
    path: '/workspaces/{id}',
    tag,
    summary: 'Delete a workspace in which there is nothing, as its owner. Memberships and invitations end.',
    access: 'session',
    params: { id: workspace },
    returns: { 204: null },
    errors: [
      workspaceErrors.adminRequired,
      workspaceErrors.ownerRequired,
      workspaceErrors.homeWorkspace,
      workspaceErrors.workspaceNotEmpty,
    ],
    async handle({ actor, params }) {
      await deleteWorkspace.execute(actor, params.id);
      return { status: 204 };
    },
  });
}
