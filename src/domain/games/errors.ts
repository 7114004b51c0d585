/** Declares every refusal of the games context: kind, code and message. */
import { refusal } from '#domain/shared/domain-error.ts';

export const gameErrors = {
  gameNotFound: refusal('not_found', 'game_not_found', 'There is no such game.'),
  memberNotFound: refusal('not_found', 'member_not_found', 'This game has no such member.'),
  invitationNotFound: refusal('not_found', 'invitation_not_found', 'There is no such invitation.'),
  invitationForAnother: refusal(
    'not_found',
    'invitation_for_another',
    'This invitation is for another e-mail address. Sign in as the user whom it was sent to.',
  ),
  gmRequired: refusal('forbidden', 'gm_required', 'Only a GM of this game may do that.'),
  selfMembership: refusal(
    'forbidden',
    'self_membership',
    'Who manages all games makes only others members. Ask a GM of this game to invite you.',
  ),
  alreadyMember: refusal('conflict', 'already_member', 'This user is a member of the game already.'),
  lastGm: refusal('conflict', 'last_gm', 'A game always has a GM. Make somebody else a GM of it first.'),
  invitationUsedUp: refusal('conflict', 'invitation_used_up', 'This invitation has been used as often as it may be.'),
  invitationOver: refusal(
    'gone',
    'invitation_over',
    'This invitation has expired or was taken back. Ask for a new one.',
  ),
};
