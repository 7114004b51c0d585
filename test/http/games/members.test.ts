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

  describe('made by a manager of all games who is no GM', () => {
    const path = () => `/games/${id}/members`;
    const add = (user_id: string, role_in_game: string) => as(admin).post(path(), { user_id, role_in_game });
    const shown = async () =>
      (await as(gm).get(path())).body.items.map((one: Record<string, string>) => `${one.user_id} ${one.role_in_game}`);
    let [adminId, thread]: string[] = [];

    beforeEach(async () => {
      adminId = await idOf(admin);
      thread = (await as(gm).post('/chat', { game_id: id })).body.id;
    });

    it('are others, as players, and never themselves (403 `self_membership`): they read no conversation', async () => {
      expect((await add(ids.stranger, 'player')).status).to.equal(201);
      const before = await shown();
      for (const role of ['player', 'gm'])
        expect(refused(await add(String(adminId), role))).to.deep.equal([403, 'self_membership']);
      const { code } = (await as(admin).post(`/games/${id}/invitations`, { max_uses: 2 })).body;
      expect(refused(await as(admin).post(`/invitations/${code}/accept`))).to.deep.equal([403, 'self_membership']);
      const token = server.client();
      token.bearer = await server.token(as(admin), 'games.use', 'chat.use');
      expect(refused(await token.post(`/invitations/${code}/accept`))).to.deep.equal([403, 'self_membership']);
      expect(await shown()).to.deep.equal(before);
      expect((await as(gm).get(`/games/${id}/invitations`)).body.items[0].uses).to.equal(0);
      expect(refused(await as(admin).get(`/chat/${thread}`))).to.deep.equal([404, 'thread_not_found']);
    });

    it('are no GMs while an active one is there (403 `gm_required`), by adding or by changing a role', async () => {
      const before = await shown();
      expect(refused(await add(ids.stranger, 'gm'))).to.deep.equal([403, 'gm_required']);
      const promoted = await as(admin).patch(`${path()}/${ids.player}`, { role_in_game: 'gm' });
      expect(refused(promoted)).to.deep.equal([403, 'gm_required']);
      expect(await shown()).to.deep.equal(before);
      expect((await as(admin).delete(`${path()}/${ids.player}`)).status).to.equal(204);
      expect(await shown()).to.deep.equal([`${ids.gm} gm`]);
    });

    it('are GMs where none is active, but never the manager, not as a player of the game either', async () => {
      expect((await as(gm).post(path(), { user_id: adminId, role_in_game: 'player' })).status).to.equal(201);
      await as(admin).change(`/admin/users/${ids.gm}`, { status: 'disabled' });
      const themselves = await as(admin).patch(`${path()}/${adminId}`, { role_in_game: 'gm' });
      const other = await as(admin).patch(`${path()}/${ids.player}`, { role_in_game: 'gm' });
      await as(admin).change(`/admin/users/${ids.gm}`, { status: 'active' });
      gm = await server.client().signIn('user1@example.org', 'sturdy-oak-table');
      expect(refused(themselves)).to.deep.equal([403, 'self_membership']);
      expect(other.status).to.equal(200);
      expect(await shown()).to.deep.equal([`${ids.gm} gm`, `${ids.player} gm`, `${adminId} player`]);
    });
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
