/** An invitation: a code that makes its users members of something, a limited number of times until it expires. */
import { refusal } from './domain-error.ts';
import type { InvitationId, UserId } from './ids.ts';

/** What all invitations have in common, whatever they lead to. */
export type InvitationTerms = Readonly<{
  id: InvitationId;
  /** SHA-256 of the code, in hexadecimal; the code itself is stored nowhere. */
  digest: string;
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

export const invitationErrors = {
  invitationNotFound: refusal('not_found', 'invitation_not_found', 'There is no such invitation.'),
  invitationForAnother: refusal(
    'not_found',
    'invitation_for_another',
    'This invitation is for another e-mail address. Sign in as the user whom it was sent to.',
  ),
  invitationUsedUp: refusal('conflict', 'invitation_used_up', 'This invitation has been used as often as it may be.'),
  invitationOver: refusal(
    'gone',
    'invitation_over',
    'This invitation has expired or was taken back. Ask for a new one.',
  ),
};

/** Whether the code can still be used: neither expired, revoked nor used up. */
export function isOpen(invitation: InvitationTerms, now: Date): boolean {
  return !isOver(invitation, now) && invitation.uses < invitation.maxUses;
}

/** Whether the invitation has expired or was revoked. */
export function isOver(invitation: InvitationTerms, now: Date): boolean {
  return invitation.revokedAt !== null || now >= invitation.expiresAt;
}

/**
 * Throws 404 `invitation_for_another` if the invitation is bound to another e-mail address than the normalised `email`.
 */
export function checkAddressee(invitation: InvitationTerms, email: string): void {
  if (invitation.email !== null && invitation.email !== email) throw invitationErrors.invitationForAnother();
}

/** What the audit log records of an invitation: entries outlive it, so never its address or its code. */
export function invitationTermsFacts({ id, email, maxUses, expiresAt, revokedAt }: InvitationTerms) {
  return {
    invitation_id: id,
    for_one_email: email !== null,
    max_uses: maxUses,
    expires_at: expiresAt.toISOString(),
    revoked: revokedAt !== null,
  };
}
