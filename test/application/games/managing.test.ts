/** Games and members as they are managed, in memory: who did it, what the audit is told, and what stays. */
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { AnswerInvitation } from '#application/games/answer-invitation.ts';
import { ChangeGame } from '#application/games/change-game.ts';
import { DeleteGame } from '#application/games/delete-game.ts';
import { InviteToGame } from '#application/games/invite-to-game.ts';
import { RemoveMember } from '#application/games/remove-member.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { gameFacts } from '#domain/games/audit-facts.ts';
import type { Game } from '#domain/games/game.ts';
import type { User } from '#domain/identity/user.ts';
import { actorFor } from '../../support/builders/conversing.ts';
import { outsideUnits } from '../../support/builders/outside-units.ts';
import { aGame, aMembership, aThread, at, aUser, newId } from '../../support/builders/records.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';

describe('the management of games', () => {
  let database: MemoryDatabase;
  let game: Game;
  const [gmUser, playerUser, managerUser] = [1, 2, 3].map(() => aUser({ roles: ['guest'] })) as [User, User, User];
  const [gm, player] = [actorFor(gmUser.id), actorFor(playerUser.id)];
  const manager = actorFor(managerUser.id, 'games.manage');

  const clock = { now: () => at(0) };
  const secrets = { next: () => newId('invitation'), digest: (code: string) => `digest-of-${code}` };
  const deps = () => {
    const { unitOfWork, ids } = outsideUnits(database.unitOfWork);
    return { ...database, unitOfWork, audit: new AuditEntries({ clock, ids }), clock, ids, secrets };
  };

  async function aGameOfBoth(): Promise<Game> {
    const made = aGame(gmUser.id, { name: 'Vox Machina' });
    await database.unitOfWork.run(async ({ games, memberships }) => {
      await games.add(made);
      await memberships.add(aMembership(made.id, gmUser.id, { roleInGame: 'gm' }));
      await memberships.add(aMembership(made.id, playerUser.id, { roleInGame: 'player' }));
    });
    return made;
  }

  beforeEach(async () => {
    database = new MemoryDatabase();
    await database.unitOfWork.run(async ({ roles, users }) => {
      await roles.save({ name: 'guest', description: '', builtin: false, permissions: ['games.use'] });
      for (const user of [gmUser, playerUser, managerUser]) await users.add(user);
    });
    game = await aGameOfBoth();
  });

  const newestEvent = async () => (await database.reads.gameEvents.list(game.id, { limit: 1 })).items[0];
  const newestEntry = async () => (await database.reads.audit.list({}, { limit: 1 })).items[0];

  for (const [who, by, byManager] of [
    ['a GM', gm, false],
    ['a manager of all games', manager, true],
    ['the member', player, false],
  ] as const)
    it(`says of a member whom ${who} takes out whether that was done by a manager`, async () => {
      await new RemoveMember(deps()).execute(by, game.id, playerUser.id);
      expect(await newestEvent()).to.include({ kind: 'left', userId: playerUser.id, byUserId: by.userId, byManager });
    });

  it('passes on what a member owned in the game that they leave, and nothing of another', async () => {
    const other = await aGameOfBoth();
    const [here, there] = [game, other].map(({ id }) => aThread(playerUser.id, { gameId: id }));
    await database.unitOfWork.run(async ({ threads }) => {
      for (const thread of [here, there]) await threads.add(thread!);
    });
    await new RemoveMember(deps()).execute(player, game.id, playerUser.id);
    expect((await database.threads.find(here!.id))?.ownerId).to.equal(gmUser.id);
    expect((await database.threads.find(there!.id))?.ownerId).to.equal(playerUser.id);
  });

  it('answers a change that changes nothing with the game and the caller’s role, and notes nothing', async () => {
    const answer = await new ChangeGame(deps()).execute(gm, game.id, { name: game.name }, () => {});
    expect(answer).to.deep.equal({ game, myRole: 'gm' });
    expect([await newestEvent(), await newestEntry()]).to.deep.equal([undefined, undefined]);
  });

  it('tells the audit what a game was that is deleted', async () => {
    await new DeleteGame(deps()).execute(gm, game.id);
    const entry = { action: 'games.delete', subject: `game:${game.id}`, before: gameFacts(game), after: null };
    expect(await newestEntry()).to.deep.include(entry);
  });

  it('takes a bound invitation for another’s where its addressee was deleted meanwhile', async () => {
    const email = managerUser.email;
    const input = { roleInGame: 'player', email, maxUses: 1 } as const;
    const { code } = await new InviteToGame(deps()).execute(gm, game.id, input);
    await database.unitOfWork.run(({ users }) => users.remove(managerUser.id));
    for (const answer of ['accept', 'decline'] as const)
      expect(await refusalOf(new AnswerInvitation(deps()).execute(manager, { code, answer }))).to.equal(
        'invitation_for_another',
      );
  });
});
