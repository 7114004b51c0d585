/** Finds passages for a question, without an answer. */
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId, SourceId, WorkspaceId } from '#domain/shared/ids.ts';
import type { PassageFinder } from './passage-finder.ts';
import { type ReaderDeps, readerOf } from './reader-of.ts';

export type FindInput = Readonly<{
  question: string;
  gameId: GameId | null;
  /** The actor's first, or the game's, where it is left out. */
  workspaceId?: WorkspaceId | undefined;
  sourceIds: readonly SourceId[] | null;
  limit: number;
}>;

export class FindPassages {
  readonly #deps: ReaderDeps & Readonly<{ finder: PassageFinder }>;

  constructor(deps: ReaderDeps & Readonly<{ finder: PassageFinder }>) {
    this.#deps = deps;
  }

  /**
   * Returns the best passages that the actor may read now, the best first. Throws as `readerOf` and `PassageFinder` do.
   */
  async execute(actor: UserActor, { gameId, workspaceId, ...input }: FindInput): Promise<readonly FoundPassage[]> {
    const reader = await readerOf(this.#deps, actor, { gameId, workspaceId });
    return (await this.#deps.finder.find({ ...input, reader })).passages;
  }
}
