/** The migration that lets nobody read on in a game that they have left. */
import { expect } from 'chai';
import { contract } from '../../support/backends/backends.ts';
import { ON_SQL_DATABASES, sqlDatabases } from '../../support/backends/sql-databases.ts';
import { aGame, aMembership, aThread, at, aUser } from '../../support/builders/records.ts';
import { forgetMigrationsAfter, migrationsUpTo } from '../../support/servers/temporary-database.ts';

const NAME = '0013-game-history';
const FOLDER = migrationsUpTo(NAME);

contract('The migration of the history of games', ON_SQL_DATABASES, sqlDatabases, (database) => {
  beforeEach(() => forgetMigrationsAfter(NAME, database()));

  it('passes threads of those who had left a game to the GM who joined first, and no others', async () => {
    const { unitOfWork } = database();
    const { threads } = database().stores();
    await database().migrator(FOLDER).down();
    const [later, gone, first, stays] = [aUser(), aUser(), aUser(), aUser()];
    const [game, leaderless] = [aGame(null), aGame(null)];
    const left = aThread(gone.id, { gameId: game.id });
    const others = [
      aThread(gone.id),
      aThread(stays.id, { gameId: game.id }),
      aThread(gone.id, { gameId: leaderless.id }),
    ];
    await unitOfWork.run(async (repos) => {
      for (const user of [later, gone, first, stays]) await repos.users.add(user);
      for (const one of [game, leaderless]) await repos.games.add(one);
      await repos.memberships.add(aMembership(game.id, stays.id, { joinedAt: at(1) }));
      await repos.memberships.add(aMembership(game.id, first.id, { roleInGame: 'gm', joinedAt: at(2) }));
      await repos.memberships.add(aMembership(game.id, later.id, { roleInGame: 'gm', joinedAt: at(3) }));
      for (const thread of [left, ...others]) await repos.threads.add(thread);
    });
    expect(await database().migrator(FOLDER).up()).to.deep.equal([NAME]);
    const passed = { ...left, ownerId: first.id, version: left.version + 1 };
    expect(await threads.find(left.id)).to.deep.equal(passed);
    for (const thread of others) expect(await threads.find(thread.id)).to.deep.equal(thread);
  });
});
