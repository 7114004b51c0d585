/** Lists the passages of a document that serve, in reading order. */

import { libraryReader } from '#domain/library/library-reader.ts';
import type { Passage } from '#domain/library/passage.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Page, PageRequest } from '../../shared/page.ts';
import { getReadable } from './document-access.ts';
import type { Documents, PassageCursor, Passages } from './ports.ts';

type Deps = Readonly<{
  reads: Readonly<{ documents: Pick<Documents, 'findReadable'>; passages: Pick<Passages, 'list'> }>;
  clock: Clock;
}>;

export class ListPassages {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Throws 403 without `sources.read`; 404 `document_not_found` where it is not there for the actor. */
  async execute(
    actor: UserActor,
    id: DocumentId,
    page: PageRequest<PassageCursor>,
  ): Promise<Page<Passage, PassageCursor>> {
    requirePermission(actor, 'sources.read');
    const { reads, clock } = this.#deps;
    const { generation } = await getReadable(reads.documents, id, libraryReader(actor, clock.now()));
    return reads.passages.list({ documentId: id, generation }, page);
  }
}
