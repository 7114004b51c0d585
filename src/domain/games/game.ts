/** A game and who is in it: a user is a member once, and there is always a GM. */
import type { GameId, UserId } from '#domain/shared/ids.ts';
import { gameErrors } from './errors.ts';

export const GAME_ROLES = ['gm', 'player'] as const;
export type GameRole = (typeof GAME_ROLES)[number];

export type Game = Readonly<{
  id: GameId;
  name: string;
  description: string | null;
  /** Null once that user is deleted. */
  createdByUserId: UserId | null;
  createdAt: Date;
}>;

export type Membership = Readonly<{ gameId: GameId; userId: UserId; roleInGame: GameRole; joinedAt: Date }>;

/** A membership with the name by which the others know the member. */
export type Member = Membership & Readonly<{ displayName: string }>;

/** Refuses with 409 `last_gm` where the member would be no GM any more, and no other would be left. */
export function checkGmRemains(member: Membership, roleAfter: GameRole | null, gms: number): void {
  if (member.roleInGame === 'gm' && roleAfter !== 'gm' && gms <= 1) throw gameErrors.lastGm();
}
