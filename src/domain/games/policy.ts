/** Who may do what to a game. Strangers cannot know that it exists. */
import type { UserActor } from '#domain/shared/actor.ts';
import { gameErrors } from './errors.ts';
import type { Game, GameRole } from './game.ts';

/** The permission that makes somebody a manager of every game. */
export const MANAGE_GAMES = 'games.manage';

/** A game as one actor finds it: with their role in it, or null where they are no member. */
export type SeenGame = Readonly<{ game: Game; myRole: GameRole | null }>;

/** The game, for its members and for managers of all games. Throws 404 `game_not_found`, whether or not it exists. */
export function requireSight(game: Game | undefined, role: GameRole | undefined, actor: UserActor): SeenGame {
  if (game === undefined || (role === undefined && !actor.permissions.includes(MANAGE_GAMES)))
    throw gameErrors.gameNotFound();
  return { game, myRole: role ?? null };
}

/** Refuses with 403 `gm_required` unless the actor is a GM of the game, or manages all games. */
export function requireManager(seen: SeenGame, actor: UserActor): void {
  if (seen.myRole !== 'gm' && !actor.permissions.includes(MANAGE_GAMES)) throw gameErrors.gmRequired();
}

/** Refuses with 403 `gm_required` a role that the inviter cannot give: only a GM makes GMs by invitation. */
export function requireInviter(seen: SeenGame, actor: UserActor, roleInGame: GameRole): void {
  requireManager(seen, actor);
  if (roleInGame === 'gm' && seen.myRole !== 'gm') throw gameErrors.gmRequired();
}

/** Whether somebody with this role in the game, who manages all games or not, may invite to a role right now. */
export function mayInvite(role: GameRole | undefined, managesGames: boolean, roleInGame: GameRole): boolean {
  return role === 'gm' || (managesGames && roleInGame === 'player');
}
