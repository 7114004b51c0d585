/** Wires the use cases on documents, their jobs, and their routes. */
import { ContainerModule } from 'inversify';
import { documentRoutes } from '#adapters/http/library/documents.routes.ts';
import { sourceDocumentRoutes } from '#adapters/http/library/source-documents.routes.ts';
import { AddDocument } from '#application/library/documents/add-document.ts';
import { AddPage } from '#application/library/documents/add-page.ts';
import { ChangeDocument } from '#application/library/documents/change-document.ts';
import { CheckFiles } from '#application/library/documents/check-files.ts';
import { DedupeSource } from '#application/library/documents/dedupe-source.ts';
import { DeleteDocument } from '#application/library/documents/delete-document.ts';
import { ListDocuments } from '#application/library/documents/list-documents.ts';
import { ListPassages } from '#application/library/documents/list-passages.ts';
import { OpenDocumentFile } from '#application/library/documents/open-document-file.ts';
import { ReadDocument } from '#application/library/documents/read-document.ts';
import { RebuildSource } from '#application/library/documents/rebuild-source.ts';
import { ClearDocuments } from '#application/library/reading/clear-documents.ts';
import { FetchPages } from '#application/library/reading/fetch-pages.ts';
import { IngestDocuments } from '#application/library/reading/ingest-documents.ts';
import { RequeueDocuments } from '#application/library/reading/requeue-documents.ts';
import { UnpackArchives } from '#application/library/reading/unpack-archives.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { runInBackground } from './run-in-background.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { clock, ids, unitOfWork, reads, files, fileKinds: kinds, documentReader: reader, fileCheckLog: log } = tokens;
const { webPages: pages, urlIngest: mayFetch, jobAfterReading } = tokens;
const audit = AuditEntries;

/** It begins at the start of the server, and is done again each day that it runs. */
const CHECK_INTERVAL_MS = 86_400_000;

export const documentsModule = new ContainerModule(({ bind }) => {
  wire(bind, AddDocument, { unitOfWork, reads, files, kinds, audit, clock, ids });
  wire(bind, AddPage, { unitOfWork, pages, mayFetch, clock, ids });
  wire(bind, ListDocuments, { reads, clock });
  wire(bind, ReadDocument, { reads, clock });
  wire(bind, ChangeDocument, { unitOfWork, audit, clock, ids });
  wire(bind, DeleteDocument, { unitOfWork, audit, clock, ids });
  wire(bind, OpenDocumentFile, { reads, files, clock });
  wire(bind, ListPassages, { reads, clock });
  wire(bind, RebuildSource, { unitOfWork, audit, clock, ids });
  wire(bind, DedupeSource, { unitOfWork, audit, clock, ids });
  wire(bind, IngestDocuments, { reads, files, reader, jobAfterReading, clock, ids });
  wire(bind, UnpackArchives, { files, kinds, reader, audit, clock, ids });
  wire(bind, FetchPages, { pages, files, kinds, audit, clock, ids });
  wire(bind, ClearDocuments, { files });
  wire(bind, RequeueDocuments, { clock, ids });
  wire(bind, CheckFiles, { reads, files, log, clock });
  runInBackground(bind, CheckFiles, (check) => ({
    name: 'compare the file store with the records',
    everyMs: CHECK_INTERVAL_MS,
    run: (closing) => check.execute(closing),
  }));
  routes(bind, sourceDocumentRoutes, {
    listDocuments: ListDocuments,
    addDocument: AddDocument,
    addPage: AddPage,
    rebuildSource: RebuildSource,
    dedupeSource: DedupeSource,
  });
  routes(bind, documentRoutes, {
    readDocument: ReadDocument,
    changeDocument: ChangeDocument,
    deleteDocument: DeleteDocument,
    openDocumentFile: OpenDocumentFile,
    listPassages: ListPassages,
  });
});
