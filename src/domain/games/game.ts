/** A game and its members: a user is a member at most once, and a game always has a GM. */
import type { GameId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import { gameErrors } from './errors.ts';

/** A GM manages the game; both roles take part in its conversations. */
export const GAME_ROLES = ['gm', 'player'] as const;
export type GameRole = (typeof GAME_ROLES)[number];

export type Game = Readonly<{
  id: GameId;
  workspaceId: WorkspaceId;
  name: string;
  description: string | null;
  /** The user who opened the game; null once they are deleted. */
  createdByUserId: UserId | null;
  createdAt: Date;
}>;

export type Membership = Readonly<{ gameId: GameId; userId: UserId; roleInGame: GameRole; joinedAt: Date }>;

/** A membership with the member's display name. */
export type Member = Membership & Readonly<{ displayName: string }>;

/**
 * Throws 409 `last_gm` if the change would leave the game without a GM. `roleAfter` is null for a member who leaves;
 * `gms` is the number of GMs before the change, this member included.
 */
export function checkGmRemains(member: Membership, roleAfter: GameRole | null, gms: number): void {
  if (member.roleInGame === 'gm' && roleAfter !== 'gm' && gms <= 1) throw gameErrors.lastGm();
}
