/** An invitation to a game: a code that makes its users members, a limited number of times until it expires. */
import type { GameId, InvitationId, UserId } from '#domain/shared/ids.ts';
import { gameErrors } from './errors.ts';
import type { GameRole } from './game.ts';

export type Invitation = Readonly<{
  id: InvitationId;
  gameId: GameId;
  /** SHA-256 of the code, in hexadecimal; the code itself is stored nowhere. */
  digest: string;
  roleInGame: GameRole;
  /** The normalised e-mail address of the only user who can accept; null if anyone with the code can. */
  email: string | null;
  maxUses: number;
  uses: number;
  /** The inviter; null once they are deleted. */
  createdByUserId: UserId | null;
  createdAt: Date;
  expiresAt: Date;
  /** When it was revoked, or declined by its addressee. */
  revokedAt: Date | null;
}>;

/** The default lifetime of an invitation: 7 days. */
export const INVITATION_SECONDS = 7 * 24 * 60 * 60;

/** Whether the code can still be used: neither expired, revoked nor used up. */
export function isOpen(invitation: Invitation, now: Date): boolean {
  return !isOver(invitation, now) && invitation.uses < invitation.maxUses;
}

/** Whether the invitation has expired or was revoked. */
export function isOver(invitation: Invitation, now: Date): boolean {
  return invitation.revokedAt !== null || now >= invitation.expiresAt;
}

/**
 * Throws 404 `invitation_for_another` if the invitation is bound to another e-mail address than the normalised `email`.
 */
export function checkAddressee(invitation: Invitation, email: string): void {
  if (invitation.email !== null && invitation.email !== email) throw gameErrors.invitationForAnother();
}
