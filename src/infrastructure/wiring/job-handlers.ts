/** Wires what each kind of job does. */
import { ContainerModule } from 'inversify';
import { AnonymizeAuthors } from '#application/conversations/messages/anonymize-authors.ts';
import type { JobHandlers } from '#application/jobs/ports.ts';
import {
  CLEAR_DOCUMENTS,
  COMPLETE_SOURCE,
  DEDUPE_SOURCE,
  FETCH_PAGE,
  READ_DOCUMENT,
  REBUILD_SOURCE,
  UNPACK_ARCHIVE,
} from '#application/library/documents/library-jobs.ts';
import { ClearDocuments } from '#application/library/reading/clear-documents.ts';
import { FetchPages } from '#application/library/reading/fetch-pages.ts';
import { IngestDocuments } from '#application/library/reading/ingest-documents.ts';
import { RequeueDocuments } from '#application/library/reading/requeue-documents.ts';
import { UnpackArchives } from '#application/library/reading/unpack-archives.ts';
import type { Repos } from '#application/repos.ts';
import { EmbedPassages } from '#application/retrieval/embedding/embed-passages.ts';
import { EMBED_PASSAGES } from '#application/retrieval/embedding/embedding-job.ts';
import { tokens } from './tokens.ts';

export const jobHandlersModule = new ContainerModule(({ bind }) => {
  bind(tokens.jobHandlers)
    .toResolvedValue(handlersOf, [
      AnonymizeAuthors,
      IngestDocuments,
      FetchPages,
      UnpackArchives,
      ClearDocuments,
      RequeueDocuments,
      EmbedPassages,
    ])
    .inSingletonScope();
});

function handlersOf(
  anonymizeAuthors: AnonymizeAuthors,
  ingestDocuments: IngestDocuments,
  fetchPages: FetchPages,
  unpackArchives: UnpackArchives,
  clearDocuments: ClearDocuments,
  requeueDocuments: RequeueDocuments,
  embedPassages: EmbedPassages,
): JobHandlers<Repos> {
  return {
    anonymize_messages: anonymizeAuthors,
    [READ_DOCUMENT]: ingestDocuments,
    [FETCH_PAGE]: fetchPages,
    [UNPACK_ARCHIVE]: unpackArchives,
    [CLEAR_DOCUMENTS]: clearDocuments,
    [REBUILD_SOURCE]: requeueDocuments,
    [DEDUPE_SOURCE]: requeueDocuments,
    [COMPLETE_SOURCE]: requeueDocuments,
    [EMBED_PASSAGES]: embedPassages,
  };
}
