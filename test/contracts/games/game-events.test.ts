/** What every store of games' history promises. */
import { expect } from 'chai';
import type { User } from '#domain/identity/user.ts';
import type { GameId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aGame, aGameEvent, at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('GameEvents', ON_RECORD_STORES, recordStores, (stores) => {
  let member: User;
  let manager: User;
  let [game, other]: GameId[] = [];
  const here = () => game as GameId;
  const add = (...events: readonly ReturnType<typeof aGameEvent>[]) =>
    stores().unitOfWork.run(async ({ gameEvents }) => {
      for (const event of events) await gameEvents.add(event);
    });
  const list = async (id = here()) => (await stores().reads.gameEvents.list(id, { limit: 9 })).items;

  beforeEach(async () => {
    [member, manager] = [aUser({ displayName: 'Keyleth' }), aUser({ displayName: 'Kashaw' })];
    const games = [aGame(null), aGame(null)];
    [game, other] = games.map(({ id }) => id);
    await stores().unitOfWork.run(async (repos) => {
      for (const one of [member, manager]) await repos.users.add(one);
      for (const one of games) await repos.games.add(one);
    });
  });

  it('returns every field as it was added, with the names of member and actor', async () => {
    const [bare, full] = [
      aGameEvent(here(), { kind: 'game_changed', roleInGame: null }),
      aGameEvent(here(), { at: at(1), kind: 'left', userId: member.id, byUserId: manager.id, byManager: true }),
    ];
    await add(bare, full);
    expect(await list()).to.deep.equal([
      { ...full, displayName: 'Keyleth', byDisplayName: 'Kashaw' },
      { ...bare, displayName: null, byDisplayName: null },
    ]);
  });

  it('lists the events of one game, newest first, in pages without gaps or duplicates', async () => {
    const events = [at(1), at(3), at(2), at(3), at(3)].map((time) => aGameEvent(here(), { at: time }));
    await add(...events, aGameEvent(other as GameId, { at: at(4) }));
    const id = (index: number) => events[index]?.id;
    const seen: (string | undefined)[] = [];
    let cursor: Parameters<ReturnType<typeof stores>['reads']['gameEvents']['list']>[1]['cursor'];
    for (const size of [2, 2, 1]) {
      const page = await stores().reads.gameEvents.list(here(), { limit: 2, ...(cursor && { cursor }) });
      expect(page.items).to.have.length(size);
      seen.push(...page.items.map((event) => event.id));
      cursor = page.next ?? undefined;
    }
    expect(cursor).to.equal(undefined);
    expect(seen).to.deep.equal([id(4), id(3), id(1), id(2), id(0)]);
  });

  it('forgets a deleted user, as the member and as the actor, and keeps the events', async () => {
    await add(
      aGameEvent(here(), { at: at(2), userId: member.id, byUserId: manager.id }),
      aGameEvent(here(), { at: at(1), userId: manager.id, byUserId: member.id }),
    );
    await stores().unitOfWork.run(({ users }) => users.remove(manager.id));
    const seen = (await list()).map(({ userId, byUserId, byDisplayName }) => [userId, byUserId, byDisplayName]);
    expect(seen).to.deep.equal([
      [member.id, null, null],
      [null, member.id, 'Keyleth'],
    ]);
  });

  it('ends with the game, and stores nothing of a failed unit of work or of a kind that is none', async () => {
    await failureOf(add(aGameEvent(here()), aGameEvent(aGame(null).id)));
    await failureOf(add(aGameEvent(here(), { kind: 'dragon' as 'left' })));
    expect(await list()).to.deep.equal([]);
    await add(aGameEvent(here()), aGameEvent(other as GameId));
    await stores().unitOfWork.run(({ games }) => games.remove(here()));
    expect(await list()).to.deep.equal([]);
    expect(await list(other as GameId)).to.have.length(1);
  });
});
