/** The jobs of the library, as they are asked for. */
import type { NewJob } from '#domain/jobs/job.ts';
import type { Audience } from '#domain/library/document.ts';
import type { DocumentId, JobId, SourceId, UserId } from '#domain/shared/ids.ts';
import type { PassagesOf } from './ports.ts';

export const READ_DOCUMENT = 'read_document';
export const UNPACK_ARCHIVE = 'unpack_archive';
export const FETCH_PAGE = 'fetch_page';
export const CLEAR_DOCUMENTS = 'clear_documents';
export const REBUILD_SOURCE = 'rebuild_source';

/** What every job is asked for with. */
export type Asked = Readonly<{ id: JobId; requestedBy: UserId | null; createdAt: Date }>;

/** Reads a document anew. A document is read by one job at a time. */
export function readingJob(documentId: DocumentId, asked: Asked): NewJob {
  return { ...asked, kind: READ_DOCUMENT, key: documentId, payload: { document_id: documentId } };
}

/** Makes documents of a source of the files of an archive, which is in the file store. */
export function unpackingJob(
  archive: Readonly<{ sourceId: SourceId; fileName: string; audience: Audience }>,
  asked: Asked,
): NewJob {
  const payload = {
    source_id: archive.sourceId,
    file_name: archive.fileName,
    audience: archive.audience,
    requested_by: asked.requestedBy,
  };
  return { ...asked, kind: UNPACK_ARCHIVE, key: archive.fileName, payload };
}

/** Fetches the page or file at an address. One address is fetched by one job at a time. */
export function fetchingJob(
  page: Readonly<{ sourceId: SourceId; url: string; title: string | null; audience: Audience }>,
  asked: Asked,
): NewJob {
  const { sourceId, url, title, audience } = page;
  const payload = { source_id: sourceId, url, title, audience, requested_by: asked.requestedBy };
  return { ...asked, kind: FETCH_PAGE, key: `${sourceId} ${url}`, payload };
}

/** Gives back what nobody sees any more: passages, in pages, and files of the file store. */
export function clearingJob(
  remains: Readonly<{ passages?: readonly PassagesOf[]; fileNames?: readonly string[] }>,
  asked: Asked,
): NewJob {
  const passages = (remains.passages ?? []).map(({ documentId, generation }) => ({
    document_id: documentId,
    generation,
  }));
  return {
    ...asked,
    kind: CLEAR_DOCUMENTS,
    key: asked.id,
    payload: { passages, file_names: remains.fileNames ?? [] },
  };
}

/** Reads every document of a source anew, beside what serves. */
export function rebuildingJob(sourceId: SourceId, asked: Asked): NewJob {
  const payload = { source_id: sourceId, requested_by: asked.requestedBy };
  return { ...asked, kind: REBUILD_SOURCE, key: sourceId, payload };
}
