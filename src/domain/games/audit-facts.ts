/**
 * What the audit log records of games, members and invitations. Entries outlive the users whom they are about, so a
 * fact is never an e-mail address or a code.
 */
import { invitationTermsFacts } from '#domain/shared/invitation.ts';
import type { Game, Member } from './game.ts';
import type { Invitation } from './invitation.ts';

export function gameFacts({ name, description }: Pick<Game, 'name' | 'description'>) {
  return { name, description };
}

export function memberFacts({ userId, roleInGame }: Pick<Member, 'userId' | 'roleInGame'>) {
  return { user_id: userId, role_in_game: roleInGame };
}

export function invitationFacts(invitation: Invitation) {
  return { ...invitationTermsFacts(invitation), role_in_game: invitation.roleInGame };
}
