/** Who asks for what is in the library. Stores decide by it which documents there are for them at this moment. */
import { holdsIn, type UserActor } from '#domain/shared/actor.ts';
import type { GameId, UserId, WorkspaceId } from '#domain/shared/ids.ts';

/** Whoever holds it in a workspace changes its sources and their documents, and reads what they change. */
export const CHANGE_SOURCES = 'sources.write';

/**
 * A document is there for a reader who is a member of its source's workspace, and may change sources there; else for
 * one with a licence that is valid now, or of a source that is included, if its audience is everyone or they are a GM.
 */
export type LibraryReader = Readonly<{
  userId: UserId;
  /**
   * Where there is anything for them: the workspaces that they are a member of, or those of them that they ask about.
   */
  workspaces: readonly WorkspaceId[];
  /** Those of them in which they may change sources. */
  changesIn: readonly WorkspaceId[];
  /** The game that they ask about: of it they must be GM. Null: of some game of the source's workspace. */
  gameId: GameId | null;
  /**
   * Every member of this game must be such a reader too: what is answered there, all of them read. Of other workspaces
   * than the game's there is nothing then.
   */
  everyMemberOf: GameId | null;
  now: Date;
}>;

/** An actor who asks for themselves, at this moment, in all of their workspaces. */
export function libraryReader(actor: UserActor, now: Date): LibraryReader {
  const workspaces = actor.workspaces.map(({ id }) => id);
  const changesIn = workspaces.filter((id) => holdsIn(actor, id, CHANGE_SOURCES));
  return { userId: actor.userId, workspaces, changesIn, gameId: null, everyMemberOf: null, now };
}

/** The game of which a reader must be GM; null for any. */
export function gameOfGm({ gameId, everyMemberOf }: Pick<LibraryReader, 'gameId' | 'everyMemberOf'>): GameId | null {
  return gameId ?? everyMemberOf;
}
