/** Finds a game and checks the actor's access to it: the first step of every use case on a game. */
import { requireManager, requireSight, type SeenGame, USE_GAMES } from '#domain/games/policy.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import type { Games, MembershipReads } from './ports.ts';

export type GameRepos = Readonly<{ games: Pick<Games, 'find'>; memberships: MembershipReads }>;

/**
 * Returns the game if the actor may see it. Throws 403 without `games.use`; else 404 `game_not_found`, whether or not
 * the game exists.
 */
export async function visibleGame(repos: GameRepos, actor: UserActor, id: GameId): Promise<SeenGame> {
  requirePermission(actor, USE_GAMES);
  const game = await repos.games.find(id);
  return requireSight(game, await repos.memberships.findRole(id, actor.userId), actor);
}

/**
 * Returns the game if the actor may manage it. Throws as `visibleGame` does, and 403 `gm_required` for an ordinary
 * member.
 */
export async function managedGame(repos: GameRepos, actor: UserActor, id: GameId): Promise<SeenGame> {
  const seen = await visibleGame(repos, actor, id);
  requireManager(seen, actor);
  return seen;
}
