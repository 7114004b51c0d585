/** What entries may hold: actions and facts in snake_case, and of a person nothing but their id. */
import { expect } from 'chai';
import { AUDIT_ACTIONS } from '#application/shared/audit-log.ts';
import { gameFacts, invitationFacts, memberFacts } from '#domain/games/audit-facts.ts';
import { changedUserFacts, oauthAccountFacts, roleFacts, tokenFacts, userFacts } from '#domain/identity/audit-facts.ts';
import { accessFacts, sourceFacts } from '#domain/library/audit-facts.ts';
import {
  aGame,
  anAccess,
  anApiToken,
  anInvitation,
  anOauthAccount,
  aSource,
  aUser,
} from '../../support/builders/records.ts';
import { factFaults } from '../../support/invariants/audit-facts.ts';

describe('audit facts', () => {
  const [user, game, source] = [aUser(), aGame(null), aSource()];
  const renamed = { ...user, email: 'new@example.org', username: 'new', displayName: 'new@example.org' };
  const invitation = { ...anInvitation(game.id), email: 'guest@example.org' };
  const { before, after } = changedUserFacts(user, renamed);
  const all: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    user: userFacts(renamed),
    'user before': before,
    'user after': after,
    role: roleFacts({ name: 'bard', description: 'Sings.', builtin: false, permissions: ['chat.use'] }),
    token: tokenFacts(anApiToken(user.id)),
    'OAuth account': oauthAccountFacts({ ...anOauthAccount(user.id), email: user.email, subject: user.email }),
    game: gameFacts(game),
    member: memberFacts({ userId: user.id, roleInGame: 'gm' }),
    invitation: invitationFacts(invitation),
    source: sourceFacts(source),
    licence: accessFacts({ ...anAccess(source.id, user.id), licenseKey: 'sealed' }),
  };

  for (const [thing, facts] of Object.entries(all)) {
    it(`of a ${thing} are in snake_case, and name nobody`, () => {
      expect(factFaults(facts)).to.deep.equal([]);
      for (const name of ['new', user.email, user.username, user.displayName])
        expect(Object.values(facts)).not.to.include(name);
    });
  }

  it('of a change of names tell which of them changed', () => {
    const changed = { email_changed: true, username_changed: true, display_name_changed: true };
    expect(after).to.deep.equal({ ...userFacts(user), ...changed });
    expect(Object.values(before)).to.include(false).and.not.to.include(true);
  });

  it('are found at fault with another spelling or an e-mail address, however deep', () => {
    expect(factFaults({ displayName: 1, a: [{ b_c: 'to vex@example.org.' }] })).to.deep.equal([
      'displayName is not in snake_case',
      'a.0.b_c has an e-mail address',
    ]);
  });

  it('belong to actions of the form things.verb, each listed once and in order', () => {
    for (const action of AUDIT_ACTIONS) expect(action).to.match(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/);
    expect(AUDIT_ACTIONS).to.deep.equal([...new Set(AUDIT_ACTIONS)].toSorted());
  });
});
