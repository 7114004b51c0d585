/** Declares every refusal of the games context: kind, code and message. */
import { refusal } from '#domain/shared/domain-error.ts';

export const gameErrors = {
  gameNotFound: refusal('not_found', 'game_not_found', 'There is no such game.'),
  memberNotFound: refusal('not_found', 'member_not_found', 'This game has no such member.'),
  invitationForMembers: refusal(
    'not_found',
    'invitation_for_members',
    "This invitation is for members of the game's workspace. Ask to be invited there first.",
  ),
  gmRequired: refusal('forbidden', 'gm_required', 'Only a GM of this game may do that.'),
  selfMembership: refusal(
    'forbidden',
    'self_membership',
    'Who manages all games makes only others members. Ask a GM of this game to invite you.',
  ),
  alreadyMember: refusal('conflict', 'already_member', 'This user is a member of the game already.'),
  lastGm: refusal('conflict', 'last_gm', 'A game always has a GM. Make somebody else a GM of it first.'),
};
