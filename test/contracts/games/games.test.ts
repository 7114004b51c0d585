/** What every store of games and memberships promises. */
import { expect } from 'chai';
import type { Thread } from '#domain/conversations/thread.ts';
import type { Game, Membership } from '#domain/games/game.ts';
import type { User } from '#domain/identity/user.ts';
import type { GameId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, aMembership, aMessage, anInvitation, aThread, at, aUser } from '../../support/builders/records.ts';
import { anAppendGuard } from '../../support/builders/window-changes.ts';
import { failureOf, refusalOf } from '../../support/reporting/refusals.ts';

contract('Games and Memberships', ON_RECORD_STORES, recordStores, (stores) => {
  let [gm, player, stranger]: User[] = [];
  let game: Game;
  const user = (one: User | undefined) => one as User;
  const join = (membership: Membership) => stores().unitOfWork.run(({ memberships }) => memberships.add(membership));

  beforeEach(async () => {
    [gm, player, stranger] = [aUser(), aUser(), aUser()];
    game = aGame(gm.id);
    await stores().unitOfWork.run(async ({ users, games, memberships }) => {
      for (const one of [gm, player, stranger]) await users.add(user(one));
      await games.add(game);
      await memberships.add(aMembership(game.id, user(gm).id, { roleInGame: 'gm', joinedAt: at(1) }));
      await memberships.add(aMembership(game.id, user(player).id, { joinedAt: at(2) }));
    });
  });

  it('returns every field as it was added, and as it was saved later', async () => {
    const bare = aGame(null, { description: null });
    await stores().unitOfWork.run(({ games }) => games.add(bare));
    expect(await stores().reads.games.find(game.id)).to.deep.equal(game);
    expect(await stores().reads.games.find(bare.id)).to.deep.equal(bare);
    const changed = { ...game, name: 'Whitestone', description: null };
    await stores().unitOfWork.run(({ games }) => games.save(changed));
    expect(await stores().reads.games.find(game.id)).to.deep.equal(changed);
    const unknown = aGame(null);
    await stores().unitOfWork.run(({ games }) => games.save(unknown));
    expect(await stores().reads.games.find(unknown.id)).to.equal(undefined);
  });

  it('refuses a game of an unknown user', async () => {
    const orphan = aGame(aUser().id);
    await failureOf(stores().unitOfWork.run(({ games }) => games.add(orphan)));
    expect(await stores().reads.games.find(orphan.id)).to.equal(undefined);
  });

  it('returns the role of a user in a game, inside and outside a unit of work', async () => {
    const { memberships } = stores();
    expect(await memberships.findRole(game.id, user(gm).id)).to.equal('gm');
    expect(await memberships.findRole(game.id, user(player).id)).to.equal('player');
    expect(await memberships.findRole(game.id, user(stranger).id)).to.equal(undefined);
    await stores().unitOfWork.run(async (repos) => {
      const workspace = (one: User | undefined, among = [HOME_ID]) =>
        repos.memberships.getWorkspace(game.id, user(one).id, among);
      expect(await workspace(gm)).to.equal(HOME_ID);
      expect(await refusalOf(workspace(stranger))).to.equal('game_not_found');
      expect(await refusalOf(workspace(gm, []))).to.equal('game_not_found');
      expect(await repos.memberships.find(game.id, user(player).id)).to.deep.equal({
        ...aMembership(game.id, user(player).id, { joinedAt: at(2) }),
        displayName: user(player).displayName,
      });
    });
  });

  it('takes no member in a role that is none', async () => {
    const dragon = { roleInGame: 'dragon' as 'gm' };
    await failureOf(join(aMembership(game.id, user(stranger).id, dragon)));
    expect(await stores().memberships.findRole(game.id, user(stranger).id)).to.equal(undefined);
    const changed = aMembership(game.id, user(player).id, dragon);
    await failureOf(stores().unitOfWork.run(({ memberships }) => memberships.save(changed)));
    expect(await stores().memberships.findRole(game.id, user(player).id)).to.equal('player');
  });

  it('refuses a second membership of a user (already_member), and one of an unknown user', async () => {
    expect(await refusalOf(join(aMembership(game.id, user(player).id, { roleInGame: 'gm' })))).to.equal(
      'already_member',
    );
    expect(await refusalOf(join(aMembership(game.id, aUser().id)))).to.equal('user_not_found');
    expect(await stores().memberships.findRole(game.id, user(player).id)).to.equal('player');
  });

  it('saves roles, counts GMs and removes members', async () => {
    await stores().unitOfWork.run(async ({ memberships }) => {
      expect(await memberships.countGms(game.id)).to.equal(1);
      await memberships.save(aMembership(game.id, user(player).id, { roleInGame: 'gm' }));
      expect(await memberships.countGms(game.id)).to.equal(2);
      await memberships.remove(game.id, user(gm).id);
    });
    expect(await stores().reads.memberships.countGms(game.id)).to.equal(1);
    expect((await stores().reads.memberships.find(game.id, user(player).id))?.joinedAt).to.deep.equal(at(2));
    expect(await stores().memberships.findRole(game.id, user(gm).id)).to.equal(undefined);
  });

  it('lists members in the order in which they joined, in pages without gaps or duplicates', async () => {
    await join(aMembership(game.id, user(stranger).id, { joinedAt: at(2) }));
    const ids: string[] = [];
    let page = await stores().reads.memberships.list(game.id, { limit: 2 });
    ids.push(...page.items.map((member) => member.userId));
    expect(page.next).not.to.equal(null);
    if (page.next !== null) page = await stores().reads.memberships.list(game.id, { limit: 2, cursor: page.next });
    ids.push(...page.items.map((member) => member.userId));
    expect(page.next).to.equal(null);
    const later = [user(player).id, user(stranger).id].sort();
    expect(ids).to.deep.equal([user(gm).id, ...later]);
  });

  it('lists a user’s games newest first with their role, or all games', async () => {
    const [older, newer] = [aGame(null, { createdAt: at(-5) }), aGame(null, { createdAt: at(5) })];
    await stores().unitOfWork.run(async ({ games, memberships }) => {
      for (const one of [older, newer]) await games.add(one);
      await memberships.add(aMembership(newer.id, user(player).id, { roleInGame: 'gm' }));
    });
    const [{ games }, home] = [stores().reads, { workspaceId: HOME_ID }];
    const first = await games.list(user(player).id, { ...home, all: false, limit: 1 });
    expect(first.items).to.deep.equal([{ game: newer, myRole: 'gm' }]);
    const cursor = first.next ?? undefined;
    const second = await games.list(user(player).id, { ...home, all: false, limit: 1, ...(cursor && { cursor }) });
    expect(second).to.deep.equal({ items: [{ game, myRole: 'player' }], next: null });
    const all = await games.list(user(player).id, { ...home, all: true, limit: 9 });
    expect(all.items).to.deep.equal([
      { game: newer, myRole: 'gm' },
      { game, myRole: 'player' },
      { game: older, myRole: null },
    ]);
    expect((await games.list(user(stranger).id, { ...home, all: false, limit: 9 })).items).to.deep.equal([]);
  });

  it('removes memberships and invitations with a game, and leaves its threads to their owners', async () => {
    const invitation = anInvitation(game.id);
    const other = aGame(user(gm).id);
    const kept = anInvitation(other.id);
    const thread = aThread(user(player).id, { gameId: game.id });
    await stores().unitOfWork.run(async ({ games, invitations, threads }) => {
      await games.add(other);
      await invitations.add(kept);
      await invitations.add(invitation);
      await threads.add(thread);
    });
    await stores().unitOfWork.run(({ games }) => games.remove(game.id));
    expect(await stores().reads.games.find(game.id)).to.equal(undefined);
    expect(await stores().memberships.findRole(game.id, user(gm).id)).to.equal(undefined);
    expect(await stores().reads.invitations.findByDigest(invitation.digest)).to.equal(undefined);
    expect(await stores().reads.invitations.findByDigest(kept.digest)).to.deep.equal(kept);
    expect(await stores().reads.invitations.find(other.id, kept.id)).to.deep.equal(kept);
    const again = anInvitation(other.id, { digest: invitation.digest });
    await stores().unitOfWork.run(({ invitations }) => invitations.add(again));
    expect(await stores().reads.invitations.findByDigest(again.digest)).to.deep.equal(again);
    expect(await stores().threads.find(thread.id)).to.deep.equal({ ...thread, gameId: null });
  });

  it('stores nothing of a failed unit of work', async () => {
    const work = stores().unitOfWork.run(async ({ games, memberships }) => {
      await games.remove(game.id);
      await memberships.add(aMembership(game.id, user(stranger).id));
    });
    await failureOf(work);
    expect(await stores().reads.games.find(game.id)).to.deep.equal(game);
    expect(await stores().memberships.findRole(game.id, user(gm).id)).to.equal('gm');
  });

  it('returns copies, so that changing one does not change what is stored', async () => {
    (await stores().reads.games.find(game.id))?.createdAt.setTime(0);
    (await stores().reads.memberships.find(game.id, user(gm).id))?.joinedAt.setTime(0);
    expect((await stores().reads.games.find(game.id))?.createdAt).to.deep.equal(at(0));
    expect((await stores().reads.memberships.find(game.id, user(gm).id))?.joinedAt).to.deep.equal(at(1));
  });

  it('removes all memberships of one user, unless they are the last GM of a game', async () => {
    const refused = stores().unitOfWork.run(({ memberships }) => memberships.removeByUser(user(gm).id));
    expect(await refusalOf(refused)).to.equal('last_gm');
    await stores().unitOfWork.run(async ({ memberships }) => {
      await memberships.save(aMembership(game.id, user(player).id, { roleInGame: 'gm' }));
      await memberships.removeByUser(user(gm).id);
    });
    expect(await stores().memberships.findRole(game.id, user(gm).id)).to.equal(undefined);
    expect(await stores().memberships.findRole(game.id, user(player).id)).to.equal('gm');
  });

  it('counts the GMs who are not disabled', async () => {
    await join(aMembership(game.id, user(stranger).id, { roleInGame: 'gm' }));
    const count = () => stores().reads.memberships.countActiveGms(game.id);
    expect(await count()).to.equal(2);
    await stores().unitOfWork.run(({ users }) => users.save({ ...user(gm), status: 'disabled' }));
    expect(await count()).to.equal(1);
    await stores().unitOfWork.run(({ users }) => users.save({ ...user(stranger), status: 'disabled' }));
    expect([await count(), await stores().reads.memberships.countGms(game.id)]).to.deep.equal([0, 2]);
    expect(await stores().reads.memberships.countActiveGms(aGame(null).id)).to.equal(0);
  });

  describe('threads of somebody who leaves', () => {
    /** Among those who stay, a player joined first, and of the GMs the one with the greater id. */
    const [latest, owner, first, early] = [aUser(), aUser(), aUser(), aUser()];
    let [table, other]: Game[] = [];
    let threads: Readonly<Record<'here' | 'there' | 'own' | 'anothers', Thread>>;

    beforeEach(async () => {
      [table, other] = [aGame(null), aGame(null)];
      threads = {
        here: aThread(owner.id, { gameId: table.id, version: 3 }),
        there: aThread(owner.id, { gameId: other.id, version: 3 }),
        own: aThread(owner.id),
        anothers: aThread(early.id, { gameId: table.id }),
      };
      await stores().unitOfWork.run(async (repos) => {
        for (const one of [latest, owner, first, early]) await repos.users.add(one);
        for (const one of [table as Game, other as Game]) {
          await repos.games.add(one);
          await repos.memberships.add(aMembership(one.id, early.id, { joinedAt: at(1) }));
          await repos.memberships.add(aMembership(one.id, owner.id, { roleInGame: 'gm', joinedAt: at(2) }));
          await repos.memberships.add(aMembership(one.id, first.id, { roleInGame: 'gm', joinedAt: at(3) }));
          await repos.memberships.add(aMembership(one.id, latest.id, { roleInGame: 'gm', joinedAt: at(4) }));
        }
        for (const thread of Object.values(threads)) await repos.threads.add(thread);
      });
    });

    it('pass on in one game, or in all, to the other GM who joined first, and no private one', async () => {
      const { here, there, own, anothers } = threads;
      await stores().unitOfWork.run((repos) => repos.threads.transferOwnership(owner.id, here.gameId as GameId));
      expect(await stores().threads.find(here.id)).to.deep.equal({ ...here, ownerId: first.id, version: 4 });
      for (const thread of [there, own, anothers]) expect(await stores().threads.find(thread.id)).to.deep.equal(thread);
      await stores().unitOfWork.run((repos) => repos.threads.transferOwnership(owner.id));
      expect(await stores().threads.find(there.id)).to.deep.equal({ ...there, ownerId: first.id, version: 4 });
      expect(await stores().threads.find(own.id)).to.deep.equal(own);
    });

    it('take no append that was begun for the old owner', async () => {
      const { here } = threads;
      const guard = { ...anAppendGuard, ifVersion: here.version };
      await stores().unitOfWork.run((repos) => repos.threads.transferOwnership(owner.id, here.gameId as GameId));
      expect(await stores().conversations.append(aMessage(here.id), guard, null)).to.equal(undefined);
      expect((await stores().threads.find(here.id))?.lastSeq).to.equal(here.lastSeq);
    });

    it('stay where they are if no other GM is there to take them', async () => {
      const { here } = threads;
      await stores().unitOfWork.run(async ({ memberships }) => {
        for (const gone of [first, latest]) await memberships.remove(here.gameId as GameId, gone.id);
      });
      await failureOf(stores().unitOfWork.run((repos) => repos.threads.transferOwnership(owner.id)));
      expect(await stores().threads.find(here.id)).to.deep.equal(here);
    });
  });

  it('removes a deleted user as a member, as the creator of a game and as an inviter', async () => {
    const invitation = anInvitation(game.id, { createdByUserId: user(gm).id });
    await stores().unitOfWork.run(async ({ users, memberships, invitations }) => {
      await invitations.add(invitation);
      await memberships.save(aMembership(game.id, user(player).id, { roleInGame: 'gm' }));
      await users.remove(user(gm).id);
    });
    expect((await stores().reads.games.find(game.id))?.createdByUserId).to.equal(null);
    expect(await stores().memberships.findRole(game.id, user(gm).id)).to.equal(undefined);
    expect((await stores().reads.invitations.find(game.id, invitation.id))?.createdByUserId).to.equal(null);
  });
});
