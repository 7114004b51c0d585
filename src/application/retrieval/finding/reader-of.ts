/** Who asks, as the rule for who may read takes them: the first step of every use case on passages. */
import type { Memberships } from '#application/games/ports.ts';
import type { Clock } from '#application/shared/clock.ts';
import type { LibraryReader } from '#domain/library/library-reader.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';

export type ReaderDeps = Readonly<{
  reads: Readonly<{ memberships: Pick<Memberships, 'getRole'> }>;
  clock: Clock;
}>;

/**
 * Throws 403 without `sources.read`; 404 `game_not_found` if the actor is no member of the game that they ask about, if
 * there is one.
 */
export async function readerOf(
  { reads, clock }: ReaderDeps,
  actor: UserActor,
  gameId: GameId | null,
): Promise<LibraryReader> {
  requirePermission(actor, 'sources.read');
  if (gameId !== null) await reads.memberships.getRole(gameId, actor.userId);
  const mayChangeSources = actor.permissions.includes('sources.write');
  return { userId: actor.userId, mayChangeSources, gameId, everyMemberOf: null, now: clock.now() };
}
