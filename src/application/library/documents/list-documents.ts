/** Lists the documents of a source that are there for the actor. */
import type { Document } from '#domain/library/document.ts';
import { libraryErrors } from '#domain/library/errors.ts';
import { libraryReader } from '#domain/library/library-reader.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Page, PageRequest } from '../../shared/page.ts';
import type { DocumentCursor, Documents } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{ documents: Pick<Documents, 'isSourceReadable' | 'listReadable'> }>;
  clock: Clock;
}>;

export class ListDocuments {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page, newest first. Throws 403 without `sources.read`; 404 `source_not_found` for a source that the actor
   * may not read, whether or not there is one.
   */
  async execute(
    actor: UserActor,
    sourceId: SourceId,
    page: PageRequest<DocumentCursor>,
  ): Promise<Page<Document, DocumentCursor>> {
    requirePermission(actor, 'sources.read');
    const { reads, clock } = this.#deps;
    const reader = libraryReader(actor, clock.now());
    if (!(await reads.documents.isSourceReadable(sourceId, reader))) throw libraryErrors.sourceNotFound();
    return reads.documents.listReadable(sourceId, reader, page);
  }
}
