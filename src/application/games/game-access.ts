/** Finds a game for an actor: the first step of every use case on a game. */
import { requireManager, requireSight, type SeenGame } from '#domain/games/policy.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import type { Games, MembershipReads } from './ports.ts';

export type GameRepos = Readonly<{ games: Pick<Games, 'find'>; memberships: MembershipReads }>;

/** The game, if the actor may see it. Throws 404 `game_not_found` for everybody else, whether or not it exists. */
export async function visibleGame(repos: GameRepos, actor: UserActor, id: GameId): Promise<SeenGame> {
  const game = await repos.games.find(id);
  return requireSight(game, await repos.memberships.findRole(id, actor.userId), actor);
}

/** The game, if the actor may manage it. Throws 404 `game_not_found`; 403 `gm_required` for a member who may not. */
export async function managedGame(repos: GameRepos, actor: UserActor, id: GameId): Promise<SeenGame> {
  const seen = await visibleGame(repos, actor, id);
  requireManager(seen, actor);
  return seen;
}
