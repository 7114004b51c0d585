/** Finds a member of a game or refuses: a step of every use case on a member. */
import { gameErrors } from '#domain/games/errors.ts';
import type { Member } from '#domain/games/game.ts';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import type { Memberships } from './ports.ts';

/** Returns the member. Throws 404 `member_not_found`. */
export async function getMember(
  memberships: Pick<Memberships, 'find'>,
  gameId: GameId,
  userId: UserId,
): Promise<Member> {
  const member = await memberships.find(gameId, userId);
  if (member === undefined) throw gameErrors.memberNotFound();
  return member;
}
