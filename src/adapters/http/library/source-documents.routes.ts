/** The documents of a source: listing them, adding one, and reading all of them anew. */

import { z } from 'zod';
import { type AddDocument, type AddedDocument, FILE_MAX_BYTES } from '#application/library/documents/add-document.ts';
import type { AddPage } from '#application/library/documents/add-page.ts';
import type { DedupeSource } from '#application/library/documents/dedupe-source.ts';
import type { ListDocuments } from '#application/library/documents/list-documents.ts';
import type { RebuildSource } from '#application/library/documents/rebuild-source.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import { workspaceErrors } from '#domain/workspaces/errors.ts';
import { fileBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId, text } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { jobSchema, toJobJson } from '../jobs/schemas.ts';
import { documentInput, isPage, pageInput } from './document-files.ts';
import { addedDocumentSchema, audience, documentSchema, toDocumentJson } from './documents.schemas.ts';

export type SourceDocumentUseCases = Readonly<{
  listDocuments: ListDocuments;
  addDocument: AddDocument;
  addPage: AddPage;
  rebuildSource: RebuildSource;
  dedupeSource: DedupeSource;
}>;

const tag = 'Library';
const source = pathId('source', libraryErrors.sourceNotFound);
const title = text(1, 300);
const documentCursor = timeCursor<DocumentId>(pathId('document', libraryErrors.documentNotFound).schema);

export function sourceDocumentRoutes(useCases: SourceDocumentUseCases): Route[] {
  return [listDocuments(useCases), addDocument(useCases), rebuildSource(useCases), dedupeSource(useCases)];
}

function listDocuments({ listDocuments }: SourceDocumentUseCases): Route {
  return route({
    method: 'get',
    path: '/sources/{id}/documents',
    tag,
    summary: 'The documents of a source that I may read now, newest first.',
    access: 'sources.read',
    params: { id: source },
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(documentSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, params, query }) {
      const { items, next } = await listDocuments.execute(actor, params.id, documentCursor.decode(query));
      return { status: 200, body: { items: items.map(toDocumentJson), next_cursor: documentCursor.encode(next) } };
    },
  });
}

function addDocument({ addDocument, addPage }: SourceDocumentUseCases): Route {
  return route({
    method: 'post',
    path: '/sources/{id}/documents',
    tag,
    summary:
      'Add a document: the file itself as the body, or a text or an address in JSON. The same bytes are the same document.',
    access: 'sources.write',
    params: { id: source },
    query: z.strictObject({ title: title.optional(), audience: audience.optional() }),
    body: fileBody(
      z
        .strictObject({
          text: text(1, 1_000_000).optional(),
          url: text(1, 2_000).optional().describe('Of a page or file on the public internet; see `URL_INGEST`.'),
          title: title.optional(),
          audience: audience.optional(),
        })
        .refine(hasTextOrUrl, 'Give either a text or a url.'),
      { maxBytes: FILE_MAX_BYTES },
    ),
    returns: { 200: addedDocumentSchema, 202: addedDocumentSchema },
    errors: [
      retrievalErrors.documentTooLarge,
      retrievalErrors.unsupportedDocument,
      retrievalErrors.unreadable,
      libraryErrors.urlIngestOff,
      libraryErrors.urlRefused,
      workspaceErrors.quotaExceeded,
    ],
    async handle({ actor, params, query, body }) {
      if (isPage(body)) {
        const job = await addPage.execute(actor, params.id, pageInput(body, query));
        return { status: 202, body: toAddedJson({ document: null, job }) };
      }
      const added = await addDocument.execute(actor, params.id, documentInput(body, query));
      return { status: added.job === null ? 200 : 202, body: toAddedJson(added) };
    },
  });
}

function hasTextOrUrl({ text, url }: Readonly<{ text?: string | undefined; url?: string | undefined }>): boolean {
  return (text === undefined) !== (url === undefined);
}

function rebuildSource({ rebuildSource }: SourceDocumentUseCases): Route {
  return route({
    method: 'post',
    path: '/sources/{id}/rebuild',
    tag,
    summary: 'Read every document of a source anew. What serves goes on serving until each is ready.',
    access: 'sources.write',
    params: { id: source },
    returns: { 202: z.strictObject({ job: jobSchema }) },
    async handle({ actor, params }) {
      return { status: 202, body: { job: toJobJson(await rebuildSource.execute(actor, params.id)) } };
    },
  });
}

function dedupeSource({ dedupeSource }: SourceDocumentUseCases): Route {
  return route({
    method: 'post',
    path: '/sources/{id}/dedupe',
    tag,
    summary: 'Keep passages that documents of a source share once, in the first document that has them.',
    access: 'sources.write',
    params: { id: source },
    returns: { 202: z.strictObject({ job: jobSchema }) },
    async handle({ actor, params }) {
      return { status: 202, body: { job: toJobJson(await dedupeSource.execute(actor, params.id)) } };
    },
  });
}

function toAddedJson({ document, job }: AddedDocument): z.input<typeof addedDocumentSchema> {
  return { document: document && toDocumentJson(document), job: job && toJobJson(job) };
}
