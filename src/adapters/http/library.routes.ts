/** The library: the sources, and those that I may read. */
import { z } from 'zod';
import type { AddSource } from '#application/library/add-source.ts';
import type { ChangeSource, SourceChange } from '#application/library/change-source.ts';
import type { DeleteSource } from '#application/library/delete-source.ts';
import type { ListReadableSources } from '#application/library/list-readable-sources.ts';
import type { ListSources } from '#application/library/list-sources.ts';
import type { ReadSource } from '#application/library/read-source.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import type { Source } from '#domain/library/source.ts';
import { httpErrors } from './http-errors.ts';
import { cursor, limit, pathId, text } from './input.ts';
import { readableSourceShape, showReadable, showSource, sourceShape } from './library.shapes.ts';
import { pageOf } from './output.ts';
import { type Route, route } from './route.ts';
import { timeCursor } from './time-cursor.ts';

export type LibraryUseCases = Readonly<{
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

export function libraryRoutes(useCases: LibraryUseCases): Route[] {
  return [
    listSources(useCases),
    addSource(useCases),
    readSource(useCases),
    changeSource(useCases),
    deleteSource(useCases),
    listReadableSources(useCases),
  ];
}

function listSources({ listSources }: LibraryUseCases): Route {
  return route({
    method: 'get',
    path: '/sources',
    tag,
    summary: 'All sources, newest first.',
    access: 'sources.read',
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(sourceShape) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query }) {
      const { items, next } = await listSources.execute(actor, sourceCursor.read(query));
      return { status: 200, body: { items: items.map(showSource), next_cursor: sourceCursor.show(next) } };
    },
  });
}

function addSource({ addSource }: LibraryUseCases): Route {
  const reply = (added: Source) => ({ status: 201, body: showSource(added) });
  const { publisher, edition, description } = about;
  return route({
    method: 'post',
    path: '/sources',
    tag,
    summary: 'Add a source.',
    access: 'sources.write',
    body: z.strictObject({
      title,
      publisher: publisher.optional(),
      edition: edition.optional(),
      description: description.optional(),
      included: z.boolean().default(false),
    }),
    idempotent: true,
    returns: { 201: sourceShape },
    errors: [libraryErrors.sourceTaken],
    async handle({ actor, body, once }) {
      const input = {
        title: body.title,
        publisher: body.publisher ?? null,
        edition: body.edition ?? null,
        description: body.description ?? null,
        included: body.included,
      };
      return reply(await addSource.execute(actor, input, once(reply)));
    },
  });
}

function readSource({ readSource }: LibraryUseCases): Route {
  return route({
    method: 'get',
    path: '/sources/{id}',
    tag,
    summary: 'One source.',
    access: 'sources.read',
    params: { id: source },
    etag: true,
    returns: { 200: sourceShape },
    async handle({ actor, params }) {
      return { status: 200, body: showSource(await readSource.execute(actor, params.id)) };
    },
  });
}

function changeSource({ changeSource }: LibraryUseCases): Route {
  const { publisher, edition, description } = about;
  return route({
    method: 'patch',
    path: '/sources/{id}',
    tag,
    summary: 'Change what the library says about a source.',
    access: 'sources.write',
    params: { id: source },
    body: z.strictObject({
      title: title.optional(),
      publisher: publisher.nullable().optional(),
      edition: edition.nullable().optional(),
      description: description.nullable().optional(),
      included: z.boolean().optional(),
    }),
    etag: true,
    returns: { 200: sourceShape },
    errors: [libraryErrors.sourceTaken],
    async handle({ actor, params, body, unchanged }) {
      const given = Object.entries(body).filter(([, value]) => value !== undefined);
      const change = Object.fromEntries(given) as SourceChange;
      const changed = await changeSource.execute(actor, params.id, change, unchanged(showSource));
      return { status: 200, body: showSource(changed) };
    },
  });
}

function deleteSource({ deleteSource }: LibraryUseCases): Route {
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

function listReadableSources({ listReadableSources }: LibraryUseCases): Route {
  return route({
    method: 'get',
    path: '/me/sources',
    tag,
    summary: 'The sources that I may read now, each with the right by which I may.',
    access: 'signed_in',
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(readableSourceShape) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query }) {
      const { items, next } = await listReadableSources.execute(actor, sourceCursor.read(query));
      return { status: 200, body: { items: items.map(showReadable), next_cursor: sourceCursor.show(next) } };
    },
  });
}
