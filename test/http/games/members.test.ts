/** The members of a game over HTTP. */
import { expect } from 'chai';
import type { UserId } from '#domain/shared/ids.ts';
import { newId } from '../../support/builders/records.ts';
import { type Answer, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: members of a game', () => {
  let server: TestServer;
  let [admin, gm, player]: Client[] = [];
  let ids: Readonly<Record<'gm' | 'player' | 'stranger', UserId>>;
  /** A game of the GM with the player in it. */
  let id: string;
  const as = (client: Client | undefined) => client as Client;
  const idOf = async (client: Client | undefined) => (await as(client).get('/auth/me')).body.user.id as UserId;
  const refused = ({ status, body }: Answer) => [status, body.code];

  before(async () => {
    server = await startTestServer();
    [admin, gm, player] = [await server.admin(), await server.user('gm'), await server.user('player')];
    ids = { gm: await idOf(gm), player: await idOf(player), stranger: await idOf(await server.user('gm')) };
  });
  after(() => server.close());
  beforeEach(async () => {
    id = (await as(gm).post('/games', { name: 'Vox Machina' })).body.id;
    const body = { user_id: ids.player, role_in_game: 'player' };
    expect((await as(gm).post(`/games/${id}/members`, body)).status).to.equal(201);
  });

  it('are added with 201, refused with 400, 404 `user_not_found` or 409 `already_member`, and listed in pages', async () => {
    const path = `/games/${id}/members`;
    const add = (user_id: string) => as(gm).post(path, { user_id, role_in_game: 'player' });
    expect(refused(await add(newId('user')))).to.deep.equal([404, 'user_not_found']);
    expect(refused(await add(ids.player))).to.deep.equal([409, 'already_member']);
    expect((await add('somebody')).status).to.equal(400);
    expect((await as(gm).post(path, { user_id: ids.stranger, role_in_game: 'king' })).status).to.equal(400);
    const page = await as(player).get(`${path}?limit=1`);
    expect(page.body.items.map((one: { user_id: string }) => one.user_id)).to.deep.equal([ids.gm]);
    const next = await as(player).get(`${path}?limit=1&cursor=${page.body.next_cursor}`);
    expect(next.body.items[0]).to.include({ user_id: ids.player, role_in_game: 'player' });
    expect((await as(player).get(`${path}?cursor=x`)).status).to.equal(400);
  });

  it('change their role with 200; changing or removing a non-member answers 404 `member_not_found`', async () => {
    const answer = await as(gm).patch(`/games/${id}/members/${ids.player}`, { role_in_game: 'gm' });
    expect(answer.status).to.equal(200);
    expect(answer.body).to.include({ user_id: ids.player, role_in_game: 'gm' });
    const nobody = await as(gm).patch(`/games/${id}/members/${ids.stranger}`, { role_in_game: 'gm' });
    expect(refused(nobody)).to.deep.equal([404, 'member_not_found']);
    expect(refused(await as(gm).delete(`/games/${id}/members/${ids.stranger}`))).to.deep.equal([
      404,
      'member_not_found',
    ]);
  });

  it('are removed by a GM, or leave, with 204, and no longer find the game from the next request on (404)', async () => {
    expect((await as(gm).delete(`/games/${id}/members/${ids.player}`)).status).to.equal(204);
    expect((await as(player).get(`/games/${id}`)).status).to.equal(404);
    await as(gm).post(`/games/${id}/members`, { user_id: ids.player, role_in_game: 'player' });
    expect((await as(player).delete(`/games/${id}/members/${ids.player}`)).status).to.equal(204);
    expect((await as(player).get(`/games/${id}`)).status).to.equal(404);
  });

  it('always include a GM: the last one cannot be demoted or removed (409 `last_gm`) until there is another', async () => {
    const path = `/games/${id}/members/${ids.gm}`;
    for (const client of [gm, admin]) {
      expect(refused(await as(client).patch(path, { role_in_game: 'player' }))).to.deep.equal([409, 'last_gm']);
      expect(refused(await as(client).delete(path))).to.deep.equal([409, 'last_gm']);
    }
    expect((await as(gm).patch(path, { role_in_game: 'gm' })).status).to.equal(200);
    await as(gm).patch(`/games/${id}/members/${ids.player}`, { role_in_game: 'gm' });
    expect((await as(gm).delete(path)).status).to.equal(204);
    expect((await as(player).get(`/games/${id}`)).body.my_role).to.equal('gm');
  });
});
