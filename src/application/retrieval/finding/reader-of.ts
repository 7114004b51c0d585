/** Who asks, as the rule for who may read takes them: the first step of every use case on passages. */
import type { Memberships } from '#application/games/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import { holdsIn, requirePermission, type UserActor, workspaceFor } from '#domain/shared/actor.ts';
import type { GameId, WorkspaceId } from '#domain/shared/ids.ts';

export type ReaderDeps = Readonly<{
  reads: Readonly<{ memberships: Pick<Memberships, 'getWorkspace'> }>;
  clock: Clock;
}>;

/** What is asked about: a workspace, or a game in one. The actor's first where none is named. */
export type AskedPlace = Readonly<{ gameId: GameId | null; workspaceId?: WorkspaceId | undefined }>;

/**
 * Throws 403 without `sources.read`; 404 `game_not_found` if the actor is no member of the game that they ask about, if
 * there is one, or it is in another workspace than the one that is named; `workspace_not_found`.
 */
export async function readerOf(
  { reads, clock }: ReaderDeps,
  actor: UserActor,
  { gameId, workspaceId: named }: AskedPlace,
): Promise<LibraryReader> {
  requirePermission(actor, 'sources.read');
  const workspaceId = gameId === null ? workspaceFor(actor, named) : await workspaceOfGame(reads, actor, gameId, named);
  return { ...readerIn([workspaceId], actor, clock.now()), gameId };
}

/** The same of some workspaces that the actor is a member of, and of no game. */
export function readerIn(workspaces: readonly WorkspaceId[], actor: UserActor, now: Date): LibraryReader {
  return { ...timelessReader(workspaces, actor), now };
}

/** Whose moment is still to be told. */
export type TimelessReader = Omit<LibraryReader, 'now'>;

export function timelessReader(workspaces: readonly WorkspaceId[], actor: UserActor): TimelessReader {
  const changesIn = workspaces.filter((id) => holdsIn(actor, id, 'sources.write'));
  return { userId: actor.userId, workspaces, changesIn, gameId: null, everyMemberOf: null };
}

function workspaceOfGame(
  { memberships }: ReaderDeps['reads'],
  actor: UserActor,
  gameId: GameId,
  named: WorkspaceId | undefined,
): Promise<WorkspaceId> {
  const among = named === undefined ? actor.workspaces.map(({ id }) => id) : [workspaceFor(actor, named)];
  return memberships.getWorkspace(gameId, actor.userId, among);
}
