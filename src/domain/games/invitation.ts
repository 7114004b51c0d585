/** An invitation to a game: a code that so many may use until it expires; only the code's digest is stored. */
import type { GameId, InvitationId, UserId } from '#domain/shared/ids.ts';
import { gameErrors } from './errors.ts';
import type { GameRole } from './game.ts';

export type Invitation = Readonly<{
  id: InvitationId;
  gameId: GameId;
  /** SHA-256 of the code, in hexadecimal; the code itself is stored nowhere. */
  digest: string;
  roleInGame: GameRole;
  /** Normalised; set where the invitation is for the user with this address alone. */
  email: string | null;
  maxUses: number;
  uses: number;
  /** Who invited; null once that user is deleted. */
  createdByUserId: UserId | null;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}>;

export const INVITATION_SECONDS = 7 * 24 * 60 * 60;

/** Whether the code could still be used by somebody. */
export function isOpen(invitation: Invitation, now: Date): boolean {
  return !isOver(invitation, now) && invitation.uses < invitation.maxUses;
}

/** Whether it has expired or was taken back. */
export function isOver(invitation: Invitation, now: Date): boolean {
  return invitation.revokedAt !== null || now >= invitation.expiresAt;
}

/** Refuses with 404 `invitation_for_another` where the invitation is bound to an address that is not this one. */
export function checkAddressee(invitation: Invitation, email: string): void {
  if (invitation.email !== null && invitation.email !== email) throw gameErrors.invitationForAnother();
}
