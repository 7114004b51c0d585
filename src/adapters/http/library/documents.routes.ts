/** Documents of the library: what is known of them, their passages, and their originals. */
import { z } from 'zod';
import type { ChangeDocument, DocumentChange } from '#application/library/documents/change-document.ts';
import type { DeleteDocument } from '#application/library/documents/delete-document.ts';
import type { ListPassages } from '#application/library/documents/list-passages.ts';
import type { OpenDocumentFile } from '#application/library/documents/open-document-file.ts';
import type { ReadDocument } from '#application/library/documents/read-document.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, decodeCursor, encodeCursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { fileReply, fileSchema } from './document-files.ts';
import { audience, documentSchema, passageSchema, toDocumentJson, toPassageJson } from './documents.schemas.ts';

export type DocumentUseCases = Readonly<{
  readDocument: ReadDocument;
  changeDocument: ChangeDocument;
  deleteDocument: DeleteDocument;
  openDocumentFile: OpenDocumentFile;
  listPassages: ListPassages;
}>;

const tag = 'Library';
const document = pathId('document', libraryErrors.documentNotFound);

export function documentRoutes(useCases: DocumentUseCases): Route[] {
  return [
    readDocument(useCases),
    changeDocument(useCases),
    deleteDocument(useCases),
    openDocumentFile(useCases),
    listPassages(useCases),
  ];
}

function readDocument({ readDocument }: DocumentUseCases): Route {
  return route({
    method: 'get',
    path: '/documents/{id}',
    tag,
    summary: 'One document, for whoever may read it now.',
    access: 'sources.read',
    params: { id: document },
    etag: true,
    returns: { 200: documentSchema },
    async handle({ actor, params }) {
      return { status: 200, body: toDocumentJson(await readDocument.execute(actor, params.id)) };
    },
  });
}

function changeDocument({ changeDocument }: DocumentUseCases): Route {
  return route({
    method: 'patch',
    path: '/documents/{id}',
    tag,
    summary: 'Change the title of a document, or whom it is for.',
    access: 'sources.write',
    params: { id: document },
    body: jsonBody(z.strictObject({ title: text(1, 300).optional(), audience: audience.optional() })),
    etag: true,
    returns: { 200: documentSchema },
    async handle({ actor, params, body, ifMatch }) {
      const given = Object.entries(body).filter(([, value]) => value !== undefined);
      const change = Object.fromEntries(given) as DocumentChange;
      const changed = await changeDocument.execute(actor, params.id, change, ifMatch(toDocumentJson));
      return { status: 200, body: toDocumentJson(changed) };
    },
  });
}

function deleteDocument({ deleteDocument }: DocumentUseCases): Route {
  return route({
    method: 'delete',
    path: '/documents/{id}',
    tag,
    summary: 'Remove a document, with its passages and its original. Nobody sees anything of it from then on.',
    access: 'sources.write',
    params: { id: document },
    returns: { 204: null },
    async handle({ actor, params }) {
      await deleteDocument.execute(actor, params.id);
      return { status: 204 };
    },
  });
}

function openDocumentFile({ openDocumentFile }: DocumentUseCases): Route {
  return route({
    method: 'get',
    path: '/documents/{id}/file',
    tag,
    summary: 'The original of a document, as it came, as a download.',
    access: 'sources.read',
    params: { id: document },
    returns: { 200: fileSchema },
    errors: [libraryErrors.fileMissing],
    async handle({ actor, params }) {
      return fileReply(await openDocumentFile.execute(actor, params.id));
    },
  });
}

function listPassages({ listPassages }: DocumentUseCases): Route {
  const ordinal = z.int().min(1);
  return route({
    method: 'get',
    path: '/documents/{id}/passages',
    tag,
    summary: 'The passages of a document that serve, in reading order.',
    access: 'sources.read',
    params: { id: document },
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(passageSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, params, query }) {
      const from = decodeCursor(query.cursor, ordinal);
      const page = { limit: query.limit, ...(from !== undefined && { cursor: from }) };
      const { items, next } = await listPassages.execute(actor, params.id, page);
      return { status: 200, body: { items: items.map(toPassageJson), next_cursor: next && encodeCursor(next) } };
    },
  });
}
