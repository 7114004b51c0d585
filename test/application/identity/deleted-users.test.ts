/**
 * Deleting users and what an admin is to the last, as use cases in memory: what goes, what stays, and what is refused
 * whole.
 */
import { expect } from 'chai';
import { AddMember } from '#application/games/add-member.ts';
import { OpenGame } from '#application/games/open-game.ts';
import { AssignRole } from '#application/identity/roles/assign-role.ts';
import { RevokeRole } from '#application/identity/roles/revoke-role.ts';
import { ChangeUser } from '#application/identity/users/change-user.ts';
import { DeleteUser } from '#application/identity/users/delete-user.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import { Administration, actorWith, noted } from '../../support/builders/administering.ts';
import {
  anAccess,
  anApiToken,
  anOauthAccount,
  aPasswordLink,
  aSource,
  aThread,
  newId,
} from '../../support/builders/records.ts';

describe('deleted users', () => {
  let administration: Administration;
  let admin: UserActor;
  let adminUser: User;
  beforeEach(async () => {
    administration = await Administration.open();
    ({ actor: admin, user: adminUser } = await administration.admin());
  });
  afterEach(() => administration.close());

  const remove = (id: UserId, actor = admin) => new DeleteUser(administration.deps).execute(actor, id);
  const demote = (id: UserId, actor = admin) => new RevokeRole(administration.deps).execute(actor, id, 'admin');
  const setStatus = (id: UserId, status: 'active' | 'disabled', actor = admin) =>
    new ChangeUser(administration.deps).execute(actor, id, { status }, () => {});
  const refusal = (work: () => Promise<unknown>) => administration.refusal(work);

  async function opened(by: User): Promise<GameId> {
    const actor = actorWith(by.id, 'games.use', 'games.create');
    const { game } = await new OpenGame(administration.deps).execute(actor, { name: 'Vox Machina', description: null });
    return game.id;
  }
  const join = (game: GameId, by: User, whom: User, roleInGame: 'gm' | 'player') =>
    new AddMember(administration.deps).execute(actorWith(by.id, 'games.use'), game, { userId: whom.id, roleInGame });

  it('lose everything that is only theirs, while the audit records who they were', async () => {
    const user = await administration.user({ roles: ['gm'] });
    const [token, link] = [anApiToken(user.id), aPasswordLink(user.id)];
    const [account, source, thread] = [anOauthAccount(user.id), aSource(), aThread(user.id)];
    await administration.unitOfWork.run(async (repos) => {
      await repos.passwordHashes.save(user.id, 'hash');
      await repos.apiTokens.add(token);
      await repos.passwordLinks.add(link);
      await repos.oauthAccounts.add(account);
      await repos.sources.add(source);
      await repos.sourceAccesses.save(anAccess(source.id, user.id), source.workspaceId);
      await repos.threads.add(thread);
    });
    await remove(user.id);
    const { reads } = administration;
    const left = await Promise.all([
      reads.users.find(user.id),
      reads.users.findByLogin(user.email),
      reads.users.findByLogin(user.username ?? ''),
      reads.passwordHashes.find(user.id),
      reads.apiTokens.findByDigest(token.digest),
      reads.passwordLinks.findByDigest(link.digest),
      reads.oauthAccounts.find(account.id),
      reads.sourceAccesses.find(source.id, user.id),
      reads.threads.find(thread.id),
    ]);
    expect(left.filter((one) => one !== undefined)).to.deep.equal([]);
    expect(await reads.sources.find(source.id)).to.deep.equal(source);
    expect(await reads.jobs.findActive('anonymize_messages', user.id)).to.deep.include({
      requestedBy: admin.userId,
      payload: { user_id: user.id },
    });
    const changed = { before: { status: user.status, roles: user.roles }, after: null };
    expect(await administration.audited()).to.deep.equal([noted(admin, 'users.delete', `user:${user.id}`, changed)]);
    expect(await refusal(() => remove(user.id))).to.equal('user_not_found');
  });

  it('have no permissions from their next request on, and free their names for others', async () => {
    const user = await administration.user();
    expect(await administration.permissionsOf(user.id)).to.include('chat.use');
    await remove(user.id);
    expect(await administration.permissionsOf(user.id)).to.deep.equal([]);
    await administration.user({ email: user.email, username: user.username });
  });

  it('leave their games and game threads to another GM, and are no longer named as creators', async () => {
    const [leader, heir] = [await administration.user({ roles: ['gm'] }), await administration.user()];
    const game = await opened(leader);
    await join(game, leader, heir, 'gm');
    const [own, shared] = [aThread(leader.id), aThread(leader.id, { gameId: game })];
    await administration.unitOfWork.run(async ({ threads }) => {
      for (const thread of [own, shared]) await threads.add(thread);
    });
    await remove(leader.id);
    expect(await administration.reads.threads.find(own.id)).to.equal(undefined);
    expect(await administration.reads.threads.find(shared.id)).to.include({ ownerId: heir.id, gameId: game });
    expect(await administration.reads.games.find(game)).to.include({ createdByUserId: null });
    const { items } = await administration.reads.memberships.list(game, { limit: 9 });
    expect(items.map(({ userId }) => userId)).to.deep.equal([heir.id]);
  });

  it('are not deleted while they are the last GM of a game, and keep their role in their other games', async () => {
    const [leader, other] = [await administration.user({ roles: ['gm'] }), await administration.user()];
    const [first, , last] = [await opened(leader), await opened(other), await opened(leader)];
    await join(first, leader, other, 'gm');
    await join(last, leader, other, 'player');
    expect(await refusal(() => remove(leader.id))).to.equal('last_gm');
    expect(await administration.reads.memberships.findRole(first, leader.id)).to.equal('gm');
  });

  it('are not deleted without users.write, if they hold more than the actor, or if they are unknown', async () => {
    const user = await administration.user({ roles: ['gm'] });
    const writer = actorWith(admin.userId, 'users.write', 'chat.use', 'sources.read', 'games.use');
    expect(await refusal(() => remove(user.id, actorWith(admin.userId, 'roles.assign')))).to.equal(
      'permission_missing',
    );
    expect(await refusal(() => remove(user.id, writer))).to.equal('edit_exceeds_own');
    expect(await refusal(() => remove(newId('user'), writer))).to.equal('user_not_found');
    await remove(
      user.id,
      actorWith(admin.userId, 'users.write', 'chat.use', 'sources.read', 'games.use', 'games.create'),
    );
  });

  describe('the last admin', () => {
    const ways: Readonly<Record<string, (id: UserId, actor?: UserActor) => Promise<unknown>>> = {
      deleted: remove,
      demoted: demote,
      disabled: (id, actor) => setStatus(id, 'disabled', actor),
    };
    for (const [done, way] of Object.entries(ways)) {
      it(`is not ${done}, even by themselves, while every other admin is disabled`, async () => {
        const second = await administration.user({ roles: ['admin', 'player'], status: 'disabled' });
        expect(await refusal(() => way(adminUser.id))).to.equal('last_admin');
        const { actor: other } = await administration.admin();
        await way(adminUser.id, other);
        expect(await refusal(() => way(other.userId, other))).to.equal('last_admin');
        await setStatus(second.id, 'active', other);
        await way(other.userId, other);
        const left = await administration.unitOfWork.run(({ users }) => users.countActiveWithRole('admin'));
        expect(left).to.equal(1);
      });

      it(`does not prevent a disabled admin from being ${done}`, async () => {
        const disabled = await administration.user({ roles: ['admin'], status: 'disabled' });
        await way(disabled.id);
        expect(await administration.reads.users.find(adminUser.id)).to.deep.equal(adminUser);
      });
    }

    it('can still change their names and their other roles', async () => {
      const change = { email: 'first@example.org', displayName: 'First', username: null };
      const after = await new ChangeUser(administration.deps).execute(admin, adminUser.id, change, () => {});
      expect(after).to.deep.equal({ ...adminUser, ...change });
      await new AssignRole(administration.deps).execute(admin, adminUser.id, 'gm');
      expect(await new RevokeRole(administration.deps).execute(admin, adminUser.id, 'gm')).to.deep.equal(['admin']);
    });
  });
});
