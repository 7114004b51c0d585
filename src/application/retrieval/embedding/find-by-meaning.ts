/** Finds by what a question means too, where that can be told at once; else by its words alone. */
import type { Fusion } from '#domain/retrieval/finding/fusion.ts';
import type { FindRequest, Found, PassageFinder } from '../finding/passage-finder.ts';
import type { Embeddings } from './embeddings.ts';

type Deps = Readonly<{
  finder: PassageFinder;
  /** Null where no embedder is configured. */
  embeddings: Embeddings | null;
  fusion: Fusion;
}>;

export class FindByMeaning implements PassageFinder {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async find(request: FindRequest): Promise<Found> {
    const { finder, embeddings, fusion } = this.#deps;
    if (embeddings === null || request.question.trim() === '') return finder.find(request);
    const vector = await embeddings.ofQuestion(request.question);
    return finder.find({ ...request, meaning: vector === null ? null : { model: embeddings.model, vector, fusion } });
  }
}
