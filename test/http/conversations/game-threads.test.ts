/** Conversations of games over HTTP: who may do what with them, and until when. */
import { expect } from 'chai';
import type { UserId } from '#domain/shared/ids.ts';
import { newId } from '../../support/builders/records.ts';
import { type Answer, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: conversations of games', () => {
  let server: TestServer;
  let [admin, gm, owner, player, stranger]: Client[] = [];
  let ids: UserId[];
  let [game, thread] = ['', ''];
  const as = (client: Client | undefined) => client as Client;
  const idOf = async (client: Client | undefined) => (await as(client).get('/auth/me')).body.user.id as UserId;
  const refused = ({ status, body }: Answer) => [status, body.code];
  const say = (client: Client | undefined, fields: object = {}) =>
    as(client).post(`/chat/${thread}`, { content: 'We open the door.', ...fields });

  before(async () => {
    server = await startTestServer();
    [admin, gm] = [await server.admin(), await server.user('gm')];
    [owner, player, stranger] = [await server.user(), await server.user(), await server.user('gm')];
    ids = await Promise.all([owner, player].map(idOf));
  });
  after(() => server.close());

  beforeEach(async () => {
    game = (await as(gm).post('/games', { name: 'Vox Machina' })).body.id;
    for (const user_id of ids) await as(gm).post(`/games/${game}/members`, { user_id, role_in_game: 'player' });
    thread = (await as(owner).post('/chat', { title: 'At the table', game_id: game })).body.id;
  });

  describe('POST /chat', () => {
    it('answers 201 to a member who starts a thread in the game', async () => {
      const answer = await as(owner).post('/chat', { game_id: game });
      expect(answer.status).to.equal(201);
      expect(answer.body).to.include({ game_id: game, owner_id: ids[0] });
    });

    it('replays its answer (201) to a member alone: 404 `game_not_found` once they have left, as for a new request', async () => {
      const start = () => as(player).post('/chat', { game_id: game }, { 'Idempotency-Key': `in ${game}` });
      const [first, again] = [await start(), await start()];
      expect([first.status, again.status, again.text]).to.deep.equal([201, 201, first.text]);
      await as(gm).delete(`/games/${game}/members/${ids[1]}`);
      expect(refused(await start())).to.deep.equal([404, 'game_not_found']);
    });

    it('answers 404 `game_not_found` to non-members, even admins, and for an unknown game, and 400 to a malformed id', async () => {
      for (const client of [stranger, admin])
        expect(refused(await as(client).post('/chat', { game_id: game }))).to.deep.equal([404, 'game_not_found']);
      const missing = await as(owner).post('/chat', { game_id: newId('game') });
      expect(refused(missing)).to.deep.equal([404, 'game_not_found']);
      expect((await as(owner).post('/chat', { game_id: 'nonsense' })).status).to.equal(400);
    });
  });

  it('lists a game’s thread for every member, and for no other user, not even an admin', async () => {
    const listed = async (client: Client | undefined) =>
      (await as(client).get('/chat')).body.items.some((one: { id: string }) => one.id === thread);
    expect(await Promise.all([owner, gm, player].map(listed))).to.deep.equal([true, true, true]);
    expect(await Promise.all([admin, stranger].map(listed))).to.deep.equal([false, false]);
  });

  it('lets every member read (200) and append (201), and shows the author of each message', async () => {
    for (const client of [owner, gm, player]) expect((await say(client)).status).to.equal(201);
    for (const client of [owner, gm, player]) {
      const { items } = (await as(client).get(`/chat/${thread}/messages`)).body;
      expect(items.map((one: { author_id: string }) => one.author_id)).to.deep.equal([ids[0], await idOf(gm), ids[1]]);
      expect((await as(client).get(`/chat/${thread}`)).body.thread.game_id).to.equal(game);
      expect((await as(client).get(`/chat/${thread}/context-usage`)).status).to.equal(200);
    }
  });

  it('lets only the owner and a GM pin or append system messages (201); a player gets 403 `thread_not_yours`', async () => {
    for (const fields of [{ role: 'system' }, { pinned: true }]) {
      expect(refused(await say(player, fields))).to.deep.equal([403, 'thread_not_yours']);
      for (const client of [owner, gm]) expect((await say(client, fields)).status).to.equal(201);
    }
    expect((await as(owner).get(`/chat/${thread}/messages`)).body.items).to.have.length(4);
  });

  it('answers 404 `thread_not_found` to everyone outside the game, even admins', async () => {
    for (const client of [admin, stranger]) {
      for (const path of ['', '/messages', '/messages/1', '/context-usage', '/events'])
        expect(refused(await as(client).get(`/chat/${thread}${path}`))).to.deep.equal([404, 'thread_not_found']);
      for (const fields of [{}, { role: 'system' }, { pinned: true }])
        expect(refused(await say(client, fields))).to.deep.equal([404, 'thread_not_found']);
    }
  });

  it('ends for a member with their membership, at the next request; what they own passes to the GM', async () => {
    expect((await say(player)).status).to.equal(201);
    await as(gm).delete(`/games/${game}/members/${ids[1]}`);
    expect((await say(player)).status).to.equal(404);
    expect((await as(player).get(`/chat/${thread}`)).status).to.equal(404);
    await as(owner).delete(`/games/${game}/members/${ids[0]}`);
    expect((await say(owner)).status).to.equal(404);
    expect((await as(gm).get(`/chat/${thread}`)).body.thread).to.include({ owner_id: await idOf(gm) });
  });

  it('passes to a GM when its owner is deleted, and keeps what they said without their name', async () => {
    const leaving = await server.user();
    const user_id = await idOf(leaving);
    await as(gm).post(`/games/${game}/members`, { user_id, role_in_game: 'player' });
    const [inGame, own] = [
      (await leaving.post('/chat', { game_id: game })).body.id,
      (await leaving.post('/chat')).body.id,
    ];
    await leaving.post(`/chat/${inGame}`, { content: 'Remember me.' });
    expect((await as(admin).delete(`/admin/users/${user_id}`)).status).to.equal(204);
    const read = await as(gm).get(`/chat/${inGame}`);
    expect(read.body.thread).to.include({ owner_id: await idOf(gm), message_count: 1 });
    expect((await as(player).get(`/chat/${inGame}/messages/1`)).body.content).to.equal('Remember me.');
    expect((await as(gm).get(`/chat/${own}`)).status).to.equal(404);
  });

  it('answers 409 `last_gm` to deleting the last GM of a game', async () => {
    const answer = await as(admin).delete(`/admin/users/${await idOf(gm)}`);
    expect(refused(answer)).to.deep.equal([409, 'last_gm']);
    expect((await as(gm).get(`/games/${game}`)).body.my_role).to.equal('gm');
  });
});
