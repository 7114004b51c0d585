/** The library: the sources, and those that I may read. */

import { z } from 'zod';
import type { AddSource } from '#application/library/add-source.ts';
import type { ChangeSource, SourceChange } from '#application/library/change-source.ts';
import type { DeleteSource } from '#application/library/documents/delete-source.ts';
import type { ListReadableSources } from '#application/library/list-readable-sources.ts';
import type { ListSources } from '#application/library/list-sources.ts';
import type { ReadSource } from '#application/library/read-source.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import type { Source } from '#domain/library/source.ts';
import { requirePermissionIn, workspaceFor } from '#domain/shared/actor.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId, text, workspaceId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Reply, type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { readableSourceSchema, sourceSchema, toReadableJson, toSourceJson } from './schemas.ts';

export type SourceUseCases = Readonly<{
  addSource: AddSource;
  listSources: ListSources;
  readSource: ReadSource;
  changeSource: ChangeSource;
  deleteSource: DeleteSource;
  listReadableSources: ListReadableSources;
}>;

const tag = 'Library';
const source = pathId('source', libraryErrors.sourceNotFound);
const sourceCursor = timeCursor(source.schema);
const title = text(1, 300);
const about = { publisher: text(1, 200), edition: text(1, 100), description: text(0, 10_000) };

function pageFrom(query: Parameters<typeof sourceCursor.decode>[0] & { workspace_id?: WorkspaceId | undefined }) {
  return { ...sourceCursor.decode(query), workspaceId: query.workspace_id };
}

export function sourceRoutes(useCases: SourceUseCases): Route[] {
  return [
    listSources(useCases),
    addSource(useCases),
    readSource(useCases),
    changeSource(useCases),
    deleteSource(useCases),
    listReadableSources(useCases),
  ];
}

function listSources({ listSources }: SourceUseCases): Route {
  return route({
    method: 'get',
    path: '/sources',
    tag,
    summary: 'All sources of a workspace, newest first.',
    access: 'sources.read',
    query: z.strictObject({ limit, cursor, workspace_id: workspaceId }),
    returns: { 200: pageOf(sourceSchema) },
    errors: [httpErrors.malformedCursor, workspaceNotFound],
    async handle({ actor, query }) {
      const { items, next } = await listSources.execute(actor, pageFrom(query));
      return { status: 200, body: { items: items.map(toSourceJson), next_cursor: sourceCursor.encode(next) } };
    },
  });
}

function addSource({ addSource }: SourceUseCases): Route {
  const reply = (added: Source) => ({ status: 201, body: toSourceJson(added) });
  const { publisher, edition, description } = about;
  return route({
    method: 'post',
    path: '/sources',
    tag,
    summary: 'Add a source.',
    access: 'sources.write',
    body: jsonBody(
      z.strictObject({
        title,
        publisher: publisher.optional(),
        edition: edition.optional(),
        description: description.optional(),
        included: z.boolean().default(false),
        workspace_id: workspaceId,
      }),
    ),
    idempotent: true,
    returns: { 201: sourceSchema },
    errors: [libraryErrors.sourceTaken, workspaceNotFound, workspaceErrors.quotaExceeded],
    async handle({ actor, body, storeResponse }) {
      const input = {
        title: body.title,
        publisher: body.publisher ?? null,
        edition: body.edition ?? null,
        description: body.description ?? null,
        included: body.included,
        workspaceId: body.workspace_id,
      };
      return reply(await addSource.execute(actor, input, storeResponse(reply)));
    },
    async replay({ actor, body }, stored) {
      requirePermissionIn(actor, workspaceFor(actor, body.workspace_id), 'sources.write');
      return stored as Reply;
    },
  });
}

function readSource({ readSource }: SourceUseCases): Route {
  return route({
    method: 'get',
    path: '/sources/{id}',
    tag,
    summary: 'One source.',
    access: 'sources.read',
    params: { id: source },
    etag: true,
    returns: { 200: sourceSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toSourceJson(await readSource.execute(actor, params.id)) };
    },
  });
}

function changeSource({ changeSource }: SourceUseCases): Route {
  const { publisher, edition, description } = about;
  return route({
    method: 'patch',
    path: '/sources/{id}',
    tag,
    summary: 'Change what the library says about a source.',
    access: 'sources.write',
    params: { id: source },
    body: jsonBody(
      z.strictObject({
        title: title.optional(),
        publisher: publisher.nullable().optional(),
        edition: edition.nullable().optional(),
        description: description.nullable().optional(),
        included: z.boolean().optional(),
      }),
    ),
    etag: true,
    returns: { 200: sourceSchema },
    errors: [libraryErrors.sourceTaken],
    async handle({ actor, params, body, ifMatch }) {
      const given = Object.entries(body).filter(([, value]) => value !== undefined);
      const change = Object.fromEntries(given) as SourceChange;
      const changed = await changeSource.execute(actor, params.id, change, ifMatch(toSourceJson));
      return { status: 200, body: toSourceJson(changed) };
    },
  });
}

function deleteSource({ deleteSource }: SourceUseCases): Route {
  return route({
    method: 'delete',
    path: '/sources/{id}',
    tag,
    summary: 'Remove a source, with all licences to it.',
    access: 'sources.write',
    params: { id: source },
    returns: { 204: null },
    async handle({ actor, params }) {
      await deleteSource.execute(actor, params.id);
      return { status: 204 };
    },
  });
}

function listReadableSources({ listReadableSources }: SourceUseCases): Route {
  return route({
    method: 'get',
    path: '/me/sources',
    tag,
    summary: 'The sources of a workspace that I may read now, each with the right by which I may.',
    access: 'sources.read',
    query: z.strictObject({ limit, cursor, workspace_id: workspaceId }),
    returns: { 200: pageOf(readableSourceSchema) },
    errors: [httpErrors.malformedCursor, workspaceNotFound],
    async handle({ actor, query }) {
      const { items, next } = await listReadableSources.execute(actor, pageFrom(query));
      return { status: 200, body: { items: items.map(toReadableJson), next_cursor: sourceCursor.encode(next) } };
    },
  });
}
