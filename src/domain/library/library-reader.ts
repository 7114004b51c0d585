/** Who asks for what is in the library. Stores decide by it which documents there are for them at this moment. */
import type { GameId, UserId } from '#domain/shared/ids.ts';

/**
 * A document is there for a reader who may change sources; else for one with a licence that is valid now, or of a
 * source that is included, if its audience is everyone or they are a GM.
 */
export type LibraryReader = Readonly<{
  userId: UserId;
  mayChangeSources: boolean;
  /** The game that they ask about: of it they must be GM. Null: of some game. */
  gameId: GameId | null;
  /** Every member of this game must be such a reader too: what is answered there, all of them read. */
  everyMemberOf: GameId | null;
  now: Date;
}>;

/** The game of which a reader must be GM; null for any. */
export function gameOfGm({ gameId, everyMemberOf }: Pick<LibraryReader, 'gameId' | 'everyMemberOf'>): GameId | null {
  return gameId ?? everyMemberOf;
}
