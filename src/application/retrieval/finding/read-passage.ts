/** Opens a citation: one passage, where the actor may read it now. */
import type { Passages } from '#application/library/documents/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { PassageId } from '#domain/shared/ids.ts';
import { readerIn } from './reader-of.ts';

type Deps = Readonly<{ reads: Readonly<{ passages: Pick<Passages, 'findReadable'> }>; clock: Clock }>;

export class ReadPassage {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 without `sources.read`; 404 `passage_not_found` where there is none, or none that the actor may read.
   */
  async execute(actor: UserActor, id: PassageId): Promise<FoundPassage> {
    requirePermission(actor, 'sources.read');
    const { reads, clock } = this.#deps;
    const workspaces = actor.workspaces.map(({ id }) => id);
    const passage = await reads.passages.findReadable(id, readerIn(workspaces, actor, clock.now()));
    if (passage === undefined) throw retrievalErrors.passageNotFound();
    return passage;
  }
}
