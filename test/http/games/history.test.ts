/** The history of a game over HTTP: who came, who left, what changed, by whom, and what managers of all games did. */
import { expect } from 'chai';
import type { UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: the history of a game', () => {
  let server: TestServer;
  let [admin, gm, player]: Client[] = [];
  let ids: Readonly<Record<'admin' | 'gm' | 'player' | 'late', UserId>>;
  let game: string;
  const as = (client: Client | undefined) => client as Client;
  const idOf = async (client: Client | undefined) => (await as(client).get('/auth/me')).body.user.id as UserId;
  const add = (by: Client | undefined, user_id: UserId, role_in_game = 'player') =>
    as(by).post(`/games/${game}/members`, { user_id, role_in_game });

  before(async () => {
    server = await startTestServer();
    [admin, gm, player] = [await server.admin(), await server.user('gm'), await server.user('player')];
    const late = await idOf(await server.user('player'));
    ids = { admin: await idOf(admin), gm: await idOf(gm), player: await idOf(player), late };
  });
  after(() => server.close());
  beforeEach(async () => {
    game = (await as(gm).post('/games', { name: 'Vox Machina' })).body.id;
  });

  /** As a member reads it, the oldest first: kind, member, role, by whom, and whether as a manager of all games. */
  const told = async (by = gm) =>
    (await as(by).get(`/games/${game}/history`)).body.items
      .map((one: Record<string, string>) => [one.kind, one.user_id, one.role_in_game, one.by, one.by_manager])
      .reverse();

  it('tells members who joined, left or has another role, and by whom', async () => {
    await add(gm, ids.player);
    await as(gm).patch(`/games/${game}/members/${ids.player}`, { role_in_game: 'gm' });
    await as(gm).patch(`/games/${game}/members/${ids.player}`, { role_in_game: 'gm' });
    await as(player).change(`/games/${game}`, { name: 'The Mighty Nein' });
    await as(player).change(`/games/${game}`, { name: 'The Mighty Nein' });
    await as(player).delete(`/games/${game}/members/${ids.player}`);
    const { code } = (await as(gm).post(`/games/${game}/invitations`)).body;
    await as(player).post(`/invitations/${code}/accept`);
    await as(player).post(`/invitations/${code}/accept`);
    const all = [
      ['joined', ids.gm, 'gm', ids.gm, false],
      ['joined', ids.player, 'player', ids.gm, false],
      ['role_changed', ids.player, 'gm', ids.gm, false],
      ['game_changed', null, null, ids.player, false],
      ['left', ids.player, 'gm', ids.player, false],
      ['joined', ids.player, 'player', ids.gm, false],
    ];
    expect(await told()).to.deep.equal(all);
    expect(await told(player)).to.deep.equal(all);
    const { items } = (await as(player).get(`/games/${game}/history?limit=1`)).body;
    expect(items[0]).to.include({ display_name: 'User 2', by_display_name: 'User 1' });
    expect(new Date(items[0].at).getTime()).to.be.within(Date.now() - 60_000, Date.now());
  });

  it('marks what a manager of all games did, by invitation too, and nothing that was refused', async () => {
    await add(admin, ids.player);
    await add(admin, ids.admin);
    await add(admin, ids.late, 'gm');
    await as(admin).change(`/games/${game}`, { description: 'Looked after.' });
    await as(admin).delete(`/games/${game}/members/${ids.player}`);
    const { code } = (await as(admin).post(`/games/${game}/invitations`)).body;
    await as(player).post(`/invitations/${code}/accept`);
    expect((await told()).slice(1)).to.deep.equal([
      ['joined', ids.player, 'player', ids.admin, true],
      ['game_changed', null, null, ids.admin, true],
      ['left', ids.player, 'player', ids.admin, true],
      ['joined', ids.player, 'player', ids.admin, true],
    ]);
  });

  it('does not mark a GM who may manage all games besides, nor a member who leaves', async () => {
    await add(gm, ids.admin, 'gm');
    await add(admin, ids.player);
    await as(admin).delete(`/games/${game}/members/${ids.admin}`);
    expect((await told()).slice(1).map((one: unknown[]) => one.at(-1))).to.deep.equal([false, false, false]);
  });

  it('is read in pages with 200; 400 to a malformed cursor, 401, and 404 to who is or has become a stranger', async () => {
    await add(gm, ids.player);
    const first = await as(player).get(`/games/${game}/history?limit=1`);
    const next = await as(player).get(`/games/${game}/history?limit=1&cursor=${first.body.next_cursor}`);
    expect([first.body.items[0].user_id, next.body.items[0].user_id]).to.deep.equal([ids.player, ids.gm]);
    expect(next.body.next_cursor).to.equal(null);
    expect((await as(player).get(`/games/${game}/history?cursor=x`)).body.code).to.equal('malformed_cursor');
    expect((await server.client().get(`/games/${game}/history`)).status).to.equal(401);
    await as(gm).delete(`/games/${game}/members/${ids.player}`);
    expect((await as(player).get(`/games/${game}/history`)).body.code).to.equal('game_not_found');
  });

  it('names nobody who is deleted, and ends with the game', async () => {
    const gone = await server.user('player');
    const goneId = await idOf(gone);
    await add(gm, goneId);
    expect((await as(admin).delete(`/admin/users/${goneId}`)).status).to.equal(204);
    expect((await told()).at(-1)).to.deep.equal(['joined', null, 'player', ids.gm, false]);
    expect((await as(gm).get(`/games/${game}/history`)).text).not.to.contain('User 4');
    await as(gm).delete(`/games/${game}`);
    expect((await as(gm).get(`/games/${game}/history`)).status).to.equal(404);
    const { gameEvents } = server.application.container.get(tokens.reads);
    expect((await gameEvents.list(game as never, { limit: 9 })).items).to.deep.equal([]);
  });
});
