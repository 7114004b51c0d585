/** Who may do what to a game, and what an invitation is worth. */
import { expect } from 'chai';
import { gameErrors } from '#domain/games/errors.ts';
import { checkGmRemains, type GameRole } from '#domain/games/game.ts';
import { mayInvite, requireAppointer, requireInviter, requireManager, requireSight } from '#domain/games/policy.ts';
import { checkAddressee, INVITATION_SECONDS, invitationErrors, isOpen, isOver } from '#domain/shared/invitation.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { aGame, aMembership, anInvitation, at, aUser } from '../../support/builders/records.ts';
import { codesByKind, outcomeOf } from '../../support/reporting/refusals.ts';

const game = aGame(null);
const nobody = actorFor(aUser().id);
const manager = actorFor(aUser().id, 'games.manage');

describe('the game policy', () => {
  it('shows a game only to its members and to managers of all games', () => {
    expect(requireSight(game, 'player', nobody)).to.deep.equal({ game, myRole: 'player' });
    expect(requireSight(game, undefined, manager)).to.deep.equal({ game, myRole: null });
    expect(outcomeOf(() => requireSight(game, undefined, nobody))).to.equal('game_not_found');
    expect(outcomeOf(() => requireSight(undefined, undefined, manager))).to.equal('game_not_found');
  });

  it('lets only the GMs of a game and managers of all games manage it', () => {
    for (const [myRole, actor, expected] of [
      ['gm', nobody, 'ok'],
      ['player', nobody, 'gm_required'],
      ['player', manager, 'ok'],
      [null, manager, 'ok'],
    ] as const)
      expect(
        outcomeOf(() => requireManager({ game, myRole }, actor)),
        `${myRole}`,
      ).to.equal(expected);
  });

  it('lets only GMs invite a new GM, both when they invite and when the invitation is accepted', () => {
    for (const [myRole, actor, role, expected] of [
      ['gm', nobody, 'gm', 'ok'],
      ['gm', nobody, 'player', 'ok'],
      ['player', manager, 'gm', 'gm_required'],
      [null, manager, 'gm', 'gm_required'],
      [null, manager, 'player', 'ok'],
      ['player', nobody, 'player', 'gm_required'],
    ] as const) {
      expect(outcomeOf(() => requireInviter({ game, myRole }, actor, role))).to.equal(expected);
      expect(mayInvite(myRole ?? undefined, actor === manager, role)).to.equal(expected === 'ok');
    }
  });

  it('lets GMs appoint anybody, and managers only others: players, and a GM where no active one is left', () => {
    for (const [myRole, actor, whom, roleInGame, activeGms, expected] of [
      ['gm', nobody, 'other', 'gm', 1, 'ok'],
      ['gm', manager, 'other', 'gm', 2, 'ok'],
      ['gm', manager, 'self', 'player', 2, 'ok'],
      ['player', nobody, 'other', 'player', 1, 'gm_required'],
      ['player', nobody, 'self', 'gm', 0, 'gm_required'],
      [null, manager, 'other', 'player', 1, 'ok'],
      [null, manager, 'other', 'gm', 1, 'gm_required'],
      [null, manager, 'other', 'gm', 0, 'ok'],
      [null, manager, 'self', 'player', 1, 'self_membership'],
      [null, manager, 'self', 'gm', 0, 'self_membership'],
      ['player', manager, 'self', 'gm', 0, 'self_membership'],
    ] as const) {
      const userId = whom === 'self' ? actor.userId : aUser().id;
      const check = () => requireAppointer({ game, myRole }, actor, { userId, roleInGame }, activeGms);
      expect(outcomeOf(check), `${myRole}, ${whom}, ${roleInGame}, ${activeGms}`).to.equal(expected);
    }
  });

  it('refuses only to demote or remove the last GM', () => {
    const cases: readonly (readonly [GameRole, GameRole | null, number, string])[] = [
      ['gm', 'player', 1, 'last_gm'],
      ['gm', null, 1, 'last_gm'],
      ['gm', 'gm', 1, 'ok'],
      ['gm', null, 2, 'ok'],
      ['player', null, 1, 'ok'],
    ];
    for (const [roleInGame, after, gms, expected] of cases) {
      const member = { ...aMembership(game.id, aUser().id, { roleInGame }), displayName: 'Keyleth' };
      expect(outcomeOf(() => checkGmRemains(member, after, gms))).to.equal(expected);
    }
  });
});

describe('an invitation', () => {
  it('has ended from the moment it expires or is revoked', () => {
    const invitation = anInvitation(game.id, { expiresAt: at(10) });
    expect([isOver(invitation, at(9.999)), isOver(invitation, at(10))]).to.deep.equal([false, true]);
    expect(isOver({ ...invitation, revokedAt: at(1) }, at(2))).to.equal(true);
  });

  it('is open while it has not ended and has uses left', () => {
    const invitation = anInvitation(game.id, { expiresAt: at(10), maxUses: 2, uses: 1 });
    expect(INVITATION_SECONDS).to.equal(604_800);
    expect(isOpen(invitation, at(9))).to.equal(true);
    expect(isOpen({ ...invitation, uses: 2 }, at(9))).to.equal(false);
    expect(isOpen(invitation, at(10))).to.equal(false);
  });

  it('can be used only by the e-mail address that it is bound to, if any', () => {
    const bound = anInvitation(game.id, { email: 'vex@example.org' });
    expect(outcomeOf(() => checkAddressee(bound, 'vex@example.org'))).to.equal('ok');
    expect(outcomeOf(() => checkAddressee(bound, 'vax@example.org'))).to.equal('invitation_for_another');
    expect(outcomeOf(() => checkAddressee({ ...bound, email: null }, 'vax@example.org'))).to.equal('ok');
  });
});

describe('a refusal of games', () => {
  it('has the kind that says what can be done about it', () => {
    expect(codesByKind(gameErrors)).to.deep.equal({
      not_found: 'game_not_found invitation_for_members member_not_found',
      forbidden: 'gm_required self_membership',
      conflict: 'already_member last_gm',
    });
    expect(codesByKind(invitationErrors)).to.deep.equal({
      not_found: 'invitation_for_another invitation_not_found',
      conflict: 'invitation_used_up',
      gone: 'invitation_over',
    });
  });
});
