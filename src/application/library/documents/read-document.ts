/** Reads what is known of one document. */
import type { Document } from '#domain/library/document.ts';
import { libraryReader } from '#domain/library/library-reader.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { Clock } from '../../shared/clock.ts';
import { getReadable } from './document-access.ts';
import type { Documents } from './ports.ts';

type Deps = Readonly<{ reads: Readonly<{ documents: Pick<Documents, 'findReadable'> }>; clock: Clock }>;

export class ReadDocument {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `sources.read`; 404 `document_not_found` where it is not there for the actor. */
  async execute(actor: UserActor, id: DocumentId): Promise<Document> {
    requirePermission(actor, 'sources.read');
    const { reads, clock } = this.#deps;
    return getReadable(reads.documents, id, libraryReader(actor, clock.now()));
  }
}
