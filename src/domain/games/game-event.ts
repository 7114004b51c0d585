/** The history of a game, as its members are told: who came and went, in which role, and by whom. */
import type { GameEventId, GameId, UserId } from '#domain/shared/ids.ts';
import type { GameRole } from './game.ts';

/** `game_changed` is the game itself, its name or description. */
export const GAME_EVENT_KINDS = ['joined', 'left', 'role_changed', 'game_changed'] as const;

export type GameEvent = Readonly<{
  id: GameEventId;
  gameId: GameId;
  at: Date;
  kind: (typeof GAME_EVENT_KINDS)[number];
  /** The member; null where it is about none, and once they are deleted. */
  userId: UserId | null;
  /** The member's role, after the change; null where it is about no member. */
  roleInGame: GameRole | null;
  /** Who did it, of an invitation that was accepted the inviter; null once they are deleted. */
  byUserId: UserId | null;
  /** Whether it was done by `games.manage`, and not by a GM or the member. */
  byManager: boolean;
}>;

/** An event with the display names of now; null for whom there is none. */
export type NamedGameEvent = GameEvent & Readonly<{ displayName: string | null; byDisplayName: string | null }>;
