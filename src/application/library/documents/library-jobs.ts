/** The jobs of the library, as they are asked for. */
import type { JobData, NewJob } from '#domain/jobs/job.ts';
import type { Audience } from '#domain/library/document.ts';
import type { DocumentId, JobId, SourceId, UserId } from '#domain/shared/ids.ts';
import type { PassagesOf } from './ports.ts';

export const READ_DOCUMENT = 'read_document';
export const UNPACK_ARCHIVE = 'unpack_archive';
export const FETCH_PAGE = 'fetch_page';
export const CLEAR_DOCUMENTS = 'clear_documents';
export const REBUILD_SOURCE = 'rebuild_source';
export const DEDUPE_SOURCE = 'dedupe_source';
export const COMPLETE_SOURCE = 'complete_source';

/** What every job is asked for with. */
export type Asked = Readonly<{ id: JobId; requestedBy: UserId | null; createdAt: Date }>;

/**
 * Reads a document anew, and where `deduplicates` is set leaves out what earlier documents of its source have. A
 * document is read by one job at a time.
 */
export function readingJob(documentId: DocumentId, asked: Asked, deduplicates = false): NewJob {
  const payload = { document_id: documentId, deduplicates };
  return { ...asked, kind: READ_DOCUMENT, key: documentId, payload };
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
  return requeuingJob(REBUILD_SOURCE, sourceId, { deduplicates: false, only_deduplicated: false }, asked);
}

/** As `rebuildingJob`, but each passage is read of the first document alone that has it. */
export function dedupingJob(sourceId: SourceId, asked: Asked): NewJob {
  return requeuingJob(DEDUPE_SOURCE, sourceId, { deduplicates: true, only_deduplicated: false }, asked);
}

/**
 * Reads those documents anew that leave out what others have, once another is gone, or for GMs alone, that may have had
 * it.
 */
export function completingJob(sourceId: SourceId, asked: Asked): NewJob {
  return requeuingJob(COMPLETE_SOURCE, sourceId, { deduplicates: true, only_deduplicated: true }, asked);
}

function requeuingJob(kind: string, sourceId: SourceId, how: JobData, asked: Asked): NewJob {
  const payload = { source_id: sourceId, requested_by: asked.requestedBy, ...how };
  return { ...asked, kind, key: sourceId, payload };
}
