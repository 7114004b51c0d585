/** Opens the original of a document. */
import type { Document } from '#domain/library/document.ts';
import { libraryReader } from '#domain/library/library-reader.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { Clock } from '../../shared/clock.ts';
import { getReadable } from './document-access.ts';
import type { Files, OpenedFile } from './files.ts';
import type { Documents } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{ documents: Pick<Documents, 'findReadable'> }>;
  files: Pick<Files, 'open'>;
  clock: Clock;
}>;

export class OpenDocumentFile {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 without `sources.read`; 404 `document_not_found` where it is not there for the actor; 410
   * `file_missing`.
   */
  async execute(actor: UserActor, id: DocumentId): Promise<Readonly<{ document: Document; file: OpenedFile }>> {
    requirePermission(actor, 'sources.read');
    const { reads, files, clock } = this.#deps;
    const document = await getReadable(reads.documents, id, libraryReader(actor, clock.now()));
    return { document, file: await files.open(document.fileName) };
  }
}
