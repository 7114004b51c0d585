/**
 * What the audit log records of games, members and invitations. Entries outlive the users whom they are about, so a
 * fact is never an e-mail address or a code.
 */
import type { Game, Member } from './game.ts';
import type { Invitation } from './invitation.ts';

export function gameFacts({ name, description }: Pick<Game, 'name' | 'description'>) {
  return { name, description };
}

export function memberFacts({ userId, roleInGame }: Pick<Member, 'userId' | 'roleInGame'>) {
  return { user_id: userId, role_in_game: roleInGame };
}

export function invitationFacts({ id, roleInGame, email, maxUses, expiresAt, revokedAt }: Invitation) {
  return {
    invitation_id: id,
    role_in_game: roleInGame,
    for_one_email: email !== null,
    max_uses: maxUses,
    expires_at: expiresAt.toISOString(),
    revoked: revokedAt !== null,
  };
}
