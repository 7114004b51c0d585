/** Finds the workspace to which a new thread is to belong. */
import type { Memberships } from '#application/games/ports.ts';
import { type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { GameId, WorkspaceId } from '#domain/shared/ids.ts';

/**
 * Where a thread is to be started: in a game or, without one, in a workspace; in the actor's first if none is named.
 */
export type ThreadPlace = Readonly<{ gameId: GameId | null; workspaceId?: WorkspaceId | undefined }>;

/**
 * The game's, else the one that is named, else the actor's first. Throws 404 `game_not_found` if the actor is not a
 * member of the game, or it is in another workspace than the one that is named; `workspace_not_found`.
 */
export async function workspaceOfThread(
  memberships: Pick<Memberships, 'getWorkspace'>,
  actor: UserActor,
  { gameId, workspaceId: named }: ThreadPlace,
): Promise<WorkspaceId> {
  if (gameId === null) return workspaceFor(actor, named);
  const among = named === undefined ? actor.workspaces.map(({ id }) => id) : [workspaceFor(actor, named)];
  return memberships.getWorkspace(gameId, actor.userId, among);
}
