/** Games and invitations as use cases, in memory, with a clock that the test moves. */
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { AddMember } from '#application/games/add-member.ts';
import { AnswerInvitation } from '#application/games/answer-invitation.ts';
import { ChangeGame } from '#application/games/change-game.ts';
import { InviteToGame, type InviteToGameInput } from '#application/games/invite-to-game.ts';
import { ListGameEvents } from '#application/games/list-game-events.ts';
import { ListGames } from '#application/games/list-games.ts';
import { OpenGame } from '#application/games/open-game.ts';
import { PreviewInvitation } from '#application/games/preview-invitation.ts';
import { ReadGame } from '#application/games/read-game.ts';
import { RemoveMember } from '#application/games/remove-member.ts';
import { RevokeInvitation } from '#application/games/revoke-invitation.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { outsideUnits } from '../../support/builders/outside-units.ts';
import { at, aUser, newId } from '../../support/builders/records.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

const WEEK = 7 * 24 * 60 * 60;

describe('games and invitations', () => {
  let database: MemoryDatabase;
  let now: Date;
  let [gm, guest]: UserActor[] = [];
  let guestUser: User;
  let game: GameId;
  const as = (actor: UserActor | undefined) => actor as UserActor;

  const clock = { now: () => now };
  const secrets = { next: () => newId('invitation'), digest: (code: string) => `digest-of-${code}` };
  const deps = () => {
    const { unitOfWork, ids } = outsideUnits(database.unitOfWork);
    return { ...database, unitOfWork, audit: new AuditEntries({ clock, ids }), clock, ids, secrets };
  };

  beforeEach(async () => {
    [database, now] = [new MemoryDatabase(), at(0)];
    const [first, second] = [aUser({ roles: ['guest'] }), aUser({ roles: [] })];
    guestUser = second;
    [gm, guest] = [actorFor(first.id, 'games.create'), actorFor(second.id)];
    await database.unitOfWork.run(async ({ roles, users }) => {
      await roles.save({ name: 'guest', description: '', builtin: false, permissions: ['games.use'] });
      for (const user of [first, second]) await users.add(user);
    });
    game = (await new OpenGame(deps()).execute(gm, { name: 'Vox Machina', description: null })).game.id;
  });

  const invite = (fields: Partial<InviteToGameInput> = {}) =>
    new InviteToGame(deps()).execute(as(gm), game, { roleInGame: 'player', email: null, maxUses: 1, ...fields });
  const accept = (code: string, actor = guest) =>
    new AnswerInvitation(deps()).execute(as(actor), { code, answer: 'accept' });
  const decline = (code: string) => new AnswerInvitation(deps()).execute(as(guest), { code, answer: 'decline' });
  const preview = (code: string) => new PreviewInvitation(deps()).execute(code);
  const audited = async () => (await database.reads.audit.list({}, { limit: 50 })).items.map((entry) => entry.action);

  it('refuses to open a game without permission, and stores nothing', async () => {
    const work = new OpenGame(deps()).execute(as(guest), { name: 'Mine', description: null });
    expect(await refusalOf(work)).to.equal('permission_missing');
    expect(
      (await database.reads.games.list(as(guest).userId, { workspaceId: HOME_ID, all: true, limit: 9 })).items,
    ).to.have.length(1);
    expect(await audited()).to.deep.equal(['games.create']);
  });

  it('asks every use of a game for `games.use`, of its GM and of a manager of all games too', async () => {
    const { code } = await invite();
    const without = { ...as(gm), permissions: ['games.create', 'games.manage', 'chat.use'] };
    const page = { limit: 9 };
    const uses: Record<string, () => Promise<unknown>> = {
      open: () => new OpenGame(deps()).execute(without, { name: 'Mine', description: null }),
      list: () => new ListGames(deps()).execute(without, { ...page, all: true }),
      read: () => new ReadGame(deps()).execute(without, game),
      change: () => new ChangeGame(deps()).execute(without, game, { name: 'Mine' }, () => {}),
      remove: () => new RemoveMember(deps()).execute(without, game, without.userId),
      history: () => new ListGameEvents(deps()).execute(without, game, page),
      accept: () => accept(code, without),
    };
    for (const [name, use] of Object.entries(uses)) expect(await refusalOf(use()), name).to.equal('permission_missing');
    expect(await audited()).to.deep.equal(['invitations.create', 'games.create']);
  });

  it('expires an invitation after seven days by default, to the millisecond', async () => {
    const { code, invitation } = await invite();
    expect(invitation.expiresAt).to.deep.equal(at(WEEK));
    now = at(WEEK);
    expect(await refusalOf(accept(code))).to.equal('invitation_over');
    expect(await refusalOf(preview(code))).to.equal('invitation_not_found');
    now = at(WEEK - 0.001);
    expect((await preview(code)).game.name).to.equal('Vox Machina');
    expect(await accept(code)).to.include({ roleInGame: 'player', displayName: guestUser.displayName });
  });

  it('stores only the digest of a code, in the invitation and in the audit', async () => {
    const { code } = await invite();
    await accept(code);
    const { items } = await database.reads.invitations.list(game, { limit: 9 });
    expect(items[0]?.digest).to.equal(`digest-of-${code}`);
    const log = await database.reads.audit.list({}, { limit: 50 });
    expect(JSON.stringify(log).replaceAll('digest-of-', '')).not.to.match(new RegExp(`"${code}"`));
  });

  it('returns the membership (200) if a member accepts again after expiry, and counts no further use', async () => {
    const { code, invitation } = await invite();
    await accept(code);
    now = at(WEEK * 2);
    expect((await accept(code))?.userId).to.equal(as(guest).userId);
    expect((await database.reads.invitations.find(game, invitation.id))?.uses).to.equal(1);
  });

  it('lets a removed member rejoin only by a link with uses left', async () => {
    const { code, invitation } = await invite({ maxUses: 2 });
    await accept(code);
    await new RemoveMember(deps()).execute(as(gm), game, as(guest).userId);
    await accept(code);
    expect((await database.reads.invitations.find(game, invitation.id))?.uses).to.equal(2);
    await new RemoveMember(deps()).execute(as(gm), game, as(guest).userId);
    expect(await refusalOf(accept(code))).to.equal('invitation_used_up');
  });

  it('refuses an invitation once its inviter was removed from the game or deleted', async () => {
    const helper = aUser({ roles: ['guest'] });
    await database.unitOfWork.run(({ users }) => users.add(helper));
    await new AddMember(deps()).execute(as(gm), game, { userId: helper.id, roleInGame: 'gm' });
    const invited = () =>
      new InviteToGame(deps()).execute(actorFor(helper.id), game, { roleInGame: 'player', email: null, maxUses: 1 });
    const first = await invited();
    await new RemoveMember(deps()).execute(as(gm), game, helper.id);
    expect(await refusalOf(accept(first.code))).to.equal('invitation_over');
    await new AddMember(deps()).execute(as(gm), game, { userId: helper.id, roleInGame: 'gm' });
    const second = await invited();
    await database.unitOfWork.run(({ users }) => users.remove(helper.id));
    expect(await refusalOf(accept(second.code))).to.equal('invitation_over');
    expect(await database.memberships.findRole(game, as(guest).userId)).to.equal(undefined);
  });

  it('accepts an invitation by a manager of all games only while they have that permission', async () => {
    const manager = aUser({ roles: ['keeper'] });
    const permissions = ['games.use', 'games.manage'] as const;
    const role = { name: 'keeper', description: '', builtin: false, permissions };
    await database.unitOfWork.run(async ({ roles, users }) => {
      await roles.save(role);
      await users.add(manager);
    });
    const by = actorFor(manager.id, 'games.manage');
    const input = { roleInGame: 'player', email: null, maxUses: 5 } as const;
    const { code } = await new InviteToGame(deps()).execute(by, game, input);
    for (const left of permissions) {
      await database.unitOfWork.run(({ roles }) => roles.save({ ...role, permissions: [left] }));
      expect(await refusalOf(accept(code)), left).to.equal('invitation_over');
    }
    await database.unitOfWork.run(({ roles }) => roles.save(role));
    expect((await accept(code))?.roleInGame).to.equal('player');
    // They cannot invite themselves, whatever they may.
    expect(await refusalOf(accept(code, by))).to.equal('self_membership');
    expect(await database.memberships.findRole(game, manager.id)).to.equal(undefined);
    expect((await database.reads.invitations.list(game, { limit: 1 })).items[0]?.uses).to.equal(1);
  });

  it('ends a bound invitation when it is first declined, and audits that once', async () => {
    const { code, invitation } = await invite({ email: guestUser.email });
    await decline(code);
    now = at(5);
    await decline(code);
    expect((await database.reads.invitations.find(game, invitation.id))?.revokedAt).to.deep.equal(at(0));
    expect((await audited()).filter((action) => action === 'invitations.decline')).to.have.length(1);
    await new RevokeInvitation(deps()).execute(as(gm), game, invitation.id);
    expect(await audited()).not.to.include('invitations.revoke');
  });

  it('changes nothing if a precondition fails', async () => {
    const stale = new Error('stale');
    const change = new ChangeGame(deps()).execute(as(gm), game, { name: 'Other' }, () => {
      throw stale;
    });
    expect(await failureOf(change)).to.equal(stale);
    expect((await database.reads.games.find(game))?.name).to.equal('Vox Machina');
    expect(await audited()).to.deep.equal(['games.create']);
  });
});
