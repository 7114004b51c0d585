/** Opens a citation: one passage, where the actor may read it now. */
import type { Passages } from '#application/library/documents/ports.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { PassageId } from '#domain/shared/ids.ts';
import { type ReaderDeps, readerOf } from './reader-of.ts';

type Deps = ReaderDeps & Readonly<{ reads: Readonly<{ passages: Pick<Passages, 'findReadable'> }> }>;

export class ReadPassage {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Throws 403 without `sources.read`; 404 `passage_not_found` where there is none, or none that the actor may read.
   */
  async execute(actor: UserActor, id: PassageId): Promise<FoundPassage> {
    const reader = await readerOf(this.#deps, actor, null);
    const passage = await this.#deps.reads.passages.findReadable(id, reader);
    if (passage === undefined) throw retrievalErrors.passageNotFound();
    return passage;
  }
}
