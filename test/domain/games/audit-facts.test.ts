/** What the audit is told of games, members and invitations: never an address, a code or a digest. */
import { expect } from 'chai';
import { gameFacts, invitationFacts, memberFacts } from '#domain/games/audit-facts.ts';
import { aGame, aMembership, anInvitation, at, newId } from '../../support/builders/records.ts';

describe('The facts of games', () => {
  const game = aGame(null, { name: 'Vox', description: 'Of old' });

  it('are the name and the description of a game, and the role of a member', () => {
    expect(gameFacts(game)).to.deep.equal({ name: 'Vox', description: 'Of old' });
    const userId = newId('user');
    expect(memberFacts(aMembership(game.id, userId, { roleInGame: 'gm' }))).to.deep.equal({
      user_id: userId,
      role_in_game: 'gm',
    });
  });

  it('say of an invitation whether it is for one address and taken back, not for which', () => {
    const terms = { maxUses: 3, uses: 2, expiresAt: at(9) };
    const open = anInvitation(game.id, { ...terms, roleInGame: 'player', email: null, revokedAt: null });
    const facts = { role_in_game: 'player', max_uses: 3, expires_at: at(9).toISOString() };
    expect(invitationFacts(open)).to.deep.equal({
      ...facts,
      invitation_id: open.id,
      for_one_email: false,
      revoked: false,
    });
    const bound = { ...open, email: 'vex@example.org', revokedAt: at(1) };
    expect(invitationFacts(bound)).to.deep.equal({
      ...facts,
      invitation_id: open.id,
      for_one_email: true,
      revoked: true,
    });
  });
});
