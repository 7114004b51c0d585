/** Decides who may see, manage and invite to a game. For users without access the game does not exist. */
import { holdsIn, isMemberOf, type UserActor } from '#domain/shared/actor.ts';
import { gameErrors } from './errors.ts';
import type { Game, GameRole, Membership } from './game.ts';

/** The permission that everything about games and invitations asks for. */
export const USE_GAMES = 'games.use';
/** The permission to see and manage every game of one's workspaces without being in it or in its conversations. */
export const MANAGE_GAMES = 'games.manage';

/** A game with the actor's role in it, which is null for a non-member. */
export type SeenGame = Readonly<{ game: Game; myRole: GameRole | null }>;

/**
 * Returns the game for its members and for holders of `games.manage`, as long as they are members of its workspace.
 * Otherwise throws 404 `game_not_found`, whether or not the game exists.
 */
export function requireSight(game: Game | undefined, role: GameRole | undefined, actor: UserActor): SeenGame {
  if (game === undefined || !isMemberOf(actor, game.workspaceId)) throw gameErrors.gameNotFound();
  if (role === undefined && !holdsIn(actor, game.workspaceId, MANAGE_GAMES)) throw gameErrors.gameNotFound();
  return { game, myRole: role ?? null };
}

/** Throws 403 `gm_required` unless the actor is a GM of the game or holds `games.manage`. */
export function requireManager(seen: SeenGame, actor: UserActor): void {
  if (seen.myRole !== 'gm' && !holdsIn(actor, seen.game.workspaceId, MANAGE_GAMES)) throw gameErrors.gmRequired();
}

/**
 * Decides who may make a user a GM or a player, as a new member or a present one. `activeGms` is how many GMs of the
 * game can sign in. `games.manage` leads to no conversation: it makes nobody a GM while another can, and never the
 * actor a member. Throws 403 `gm_required`, `self_membership`.
 */
export function requireAppointer(
  seen: SeenGame,
  actor: UserActor,
  { userId, roleInGame }: Pick<Membership, 'userId' | 'roleInGame'>,
  activeGms: number,
): void {
  requireManager(seen, actor);
  if (seen.myRole === 'gm') return;
  if (userId === actor.userId) throw gameErrors.selfMembership();
  if (roleInGame === 'gm' && activeGms > 0)
    throw gameErrors.gmRequired({}, 'This game has an active GM: only a GM makes somebody else a GM of it.');
}

/** Throws 403 `gm_required` unless the actor may invite to this role: `games.manage` alone cannot invite GMs. */
export function requireInviter(seen: SeenGame, actor: UserActor, roleInGame: GameRole): void {
  requireManager(seen, actor);
  if (roleInGame === 'gm' && seen.myRole !== 'gm') throw gameErrors.gmRequired();
}

/**
 * Whether a user may invite to `roleInGame`, given their own role in the game and whether they hold `games.manage`: the
 * rule of `requireInviter`, for an inviter who is not the actor.
 */
export function mayInvite(role: GameRole | undefined, managesGames: boolean, roleInGame: GameRole): boolean {
  return role === 'gm' || (managesGames && roleInGame === 'player');
}
