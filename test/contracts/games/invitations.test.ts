/** What every store of invitations promises. */
import { expect } from 'chai';
import type { Game } from '#domain/games/game.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, anInvitation, at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('Invitations', ON_RECORD_STORES, recordStores, (stores) => {
  let [game, other]: Game[] = [];
  const id = (one: Game | undefined) => (one as Game).id;
  const add = (...invitations: readonly ReturnType<typeof anInvitation>[]) =>
    stores().unitOfWork.run(async (repos) => {
      for (const invitation of invitations) await repos.invitations.add(invitation);
    });

  beforeEach(async () => {
    [game, other] = [aGame(null), aGame(null)];
    await stores().unitOfWork.run(async ({ games }) => {
      for (const one of [game, other]) await games.add(one as Game);
    });
  });

  it('returns every field as it was stored, by id within its game and by digest', async () => {
    const user = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(user));
    const full = anInvitation(id(game), { roleInGame: 'gm', createdByUserId: user.id, revokedAt: at(9) });
    const bare = anInvitation(id(game), { email: null });
    await add(full, bare);
    const { invitations } = stores().reads;
    expect(await invitations.find(id(game), full.id)).to.deep.equal(full);
    expect(await invitations.findByDigest(bare.digest)).to.deep.equal(bare);
    expect(await invitations.find(id(other), full.id)).to.equal(undefined);
    expect(await invitations.findByDigest('nothing')).to.equal(undefined);
  });

  it('takes none of a game that does not exist or into a role that is none, and no digest twice', async () => {
    await failureOf(add(anInvitation(aGame(null).id)));
    await failureOf(add(anInvitation(id(game), { roleInGame: 'dragon' as 'gm' })));
    const first = anInvitation(id(game));
    await add(first);
    await failureOf(add(anInvitation(id(game), { digest: first.digest })));
    expect((await stores().reads.invitations.list(id(game), { limit: 9 })).items).to.deep.equal([first]);
  });

  it('lists the invitations of one game, newest first, in pages without gaps or duplicates', async () => {
    const made = [at(1), at(3), at(2)].map((createdAt) => anInvitation(id(game), { createdAt }));
    await add(...made, anInvitation(id(other)));
    const { invitations } = stores().reads;
    const first = await invitations.list(id(game), { limit: 2 });
    const second = await invitations.list(id(game), { limit: 2, ...(first.next && { cursor: first.next }) });
    expect([...first.items, ...second.items]).to.deep.equal([made[1], made[2], made[0]]);
    expect(second.next).to.equal(null);
  });

  it('is used at most as often as it may be, even concurrently', async () => {
    const invitation = anInvitation(id(game), { maxUses: 3, uses: 1 });
    await add(invitation);
    const use = () => stores().unitOfWork.run(({ invitations }) => invitations.use(invitation.id));
    const used = await Promise.all([use(), use(), use(), use()]);
    expect(used.filter((one) => one)).to.have.length(2);
    expect((await stores().reads.invitations.find(id(game), invitation.id))?.uses).to.equal(3);
  });

  it('is not used after it was revoked, which happens only once', async () => {
    const invitation = anInvitation(id(game), { uses: 0 });
    await add(invitation);
    const outcome = await stores().unitOfWork.run(async ({ invitations }) => {
      await invitations.revoke(invitation.id, at(5));
      await invitations.revoke(invitation.id, at(6));
      return invitations.use(invitation.id);
    });
    expect(outcome).to.equal(false);
    const stored = await stores().reads.invitations.find(id(game), invitation.id);
    expect(stored).to.deep.equal({ ...invitation, revokedAt: at(5) });
  });
});
