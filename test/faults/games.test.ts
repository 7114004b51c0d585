/** A game always has a GM, and an invitation makes as many members as it may, whoever comes at the same moment. */
import { expect } from 'chai';
import { AnswerInvitation } from '#application/games/answer-invitation.ts';
import { ChangeMember } from '#application/games/change-member.ts';
import { InviteToGame } from '#application/games/invite-to-game.ts';
import { RemoveMember } from '#application/games/remove-member.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import type { Game } from '#domain/games/game.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract } from '../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../support/backends/record-stores.ts';
import { actorFor } from '../support/builders/conversing.ts';
import { aGame, aMembership, at, aUser, newId } from '../support/builders/records.ts';
import { rounds } from '../support/reporting/rounds.ts';

const [clock, ids] = [{ now: () => at(0) }, { next: newId }];
const audit = new AuditEntries({ clock, ids });

/** A code that no other call gives; its digest is not the point here. */
const secrets = { next: () => `code-${newId('invitation')}`, digest: (code: string) => `digest-of-${code}` };

contract('Games under concurrent changes', ON_RECORD_STORES, recordStores, (stores) => {
  const people: User[] = [];

  beforeEach(async () => {
    people.splice(0, Number.POSITIVE_INFINITY, ...Array.from({ length: 9 }, () => aUser({ roles: ['guest'] })));
    await stores().unitOfWork.run(async ({ roles, users }) => {
      await roles.save({ name: 'guest', description: '', builtin: false, permissions: ['games.use'] });
      for (const one of people) await users.add(one);
    });
  });

  async function gameOf(gms: readonly User[]): Promise<Game> {
    const game = aGame(null);
    await stores().unitOfWork.run(async ({ games, memberships }) => {
      await games.add(game);
      for (const one of gms) await memberships.add(aMembership(game.id, one.id, { roleInGame: 'gm' }));
    });
    return game;
  }

  const ways: Record<string, (game: Game, who: UserId) => Promise<unknown>> = {
    'steps down': (game, who) =>
      new ChangeMember({ ...stores(), audit, clock, ids }).execute(actorFor(who), game.id, who, 'player'),
    leaves: (game, who) => new RemoveMember({ ...stores(), audit, clock, ids }).execute(actorFor(who), game.id, who),
    'is deleted': (_, who) => stores().unitOfWork.run(({ memberships }) => memberships.removeByUser(who)),
  };

  for (const [first, second] of [
    ['steps down', 'steps down'],
    ['leaves', 'leaves'],
    ['leaves', 'steps down'],
    ['is deleted', 'leaves'],
  ] as const) {
    it(`retain exactly one GM if one ${first} while the other ${second}, ${rounds(100)} times`, async function () {
      this.timeout(120_000);
      const [one, two] = people as [User, User];
      for (let round = 0; round < rounds(100); round += 1) {
        const game = await gameOf([one, two]);
        const outcomes = await Promise.allSettled([ways[first]?.(game, one.id), ways[second]?.(game, two.id)]);
        const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'done'));
        expect(codes.toSorted()).to.deep.equal(['done', 'last_gm']);
        expect(await stores().reads.memberships.countGms(game.id)).to.equal(1);
        await stores().unitOfWork.run(({ games }) => games.remove(game.id));
      }
    });
  }

  it(`admit exactly three of eight users who race for an invitation with three uses, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const [gm, ...racers] = people as [User, ...User[]];
    const invite = new InviteToGame({ ...stores(), audit, secrets, clock, ids });
    const answer = new AnswerInvitation({ ...stores(), audit, secrets, clock, ids });
    for (let round = 0; round < rounds(100); round += 1) {
      const game = await gameOf([gm]);
      const input = { roleInGame: 'player', email: null, maxUses: 3 } as const;
      const { code, invitation } = await invite.execute(actorFor(gm.id), game.id, input);
      const outcomes = await Promise.allSettled(
        racers.map((racer) => answer.execute(actorFor(racer.id), { code, answer: 'accept' })),
      );
      const codes = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'member'));
      expect(codes.toSorted()).to.deep.equal([...Array(5).fill('invitation_used_up'), ...Array(3).fill('member')]);
      const { items } = await stores().reads.memberships.list(game.id, { limit: 20 });
      expect(items).to.have.length(4);
      expect((await stores().reads.invitations.find(game.id, invitation.id))?.uses).to.equal(3);
    }
  });

  it(`count one use if a user accepts an invitation twice at once, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    const [gm, racer] = people as [User, User];
    const invite = new InviteToGame({ ...stores(), audit, secrets, clock, ids });
    const answer = new AnswerInvitation({ ...stores(), audit, secrets, clock, ids });
    for (let round = 0; round < rounds(100); round += 1) {
      const game = await gameOf([gm]);
      const input = { roleInGame: 'player', email: null, maxUses: 3 } as const;
      const { code, invitation } = await invite.execute(actorFor(gm.id), game.id, input);
      const accept = () => answer.execute(actorFor(racer.id), { code, answer: 'accept' });
      const [first, second] = await Promise.all([accept(), accept()]);
      expect(first?.userId).to.equal(second?.userId);
      expect((await stores().reads.invitations.find(game.id, invitation.id))?.uses).to.equal(1);
    }
  });
});
