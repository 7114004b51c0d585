/** What goes with a deleted user, what passes on, and what stays without their name. */
import { expect } from 'chai';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

onEveryStore('HTTP: deleting a user', () => {
  let server: TestServer;
  let admin: Client;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
  });
  after(() => server.close());

  const idOf = async (client: Client) => (await client.get('/auth/me')).body.user.id as string;
  const remove = (id: string) => admin.send('DELETE', `/admin/users/${id}`, undefined);

  it('answers 409 `last_gm` without another GM, else 204: that GM owns the threads, and messages lose their author', async () => {
    const [leader, second] = [await server.user('gm'), await server.user('gm')];
    const [leaderId, secondId] = [await idOf(leader), await idOf(second)];
    const game = (await leader.post('/games', { name: 'The Sunken Crypt' })).body.id;
    const thread = (await leader.post('/chat', { title: 'Session one', game_id: game })).body.id;
    expect((await leader.post(`/chat/${thread}`, { content: 'The door creaks.' })).status).to.equal(201);
    const early = await remove(leaderId);
    expect(early.body).to.include({ status: 409, code: 'last_gm' });
    expect((await leader.get(`/chat/${thread}`)).status).to.equal(200);

    await leader.post(`/games/${game}/members`, { user_id: secondId, role_in_game: 'gm' });
    await second.post(`/chat/${thread}`, { content: 'I listen.' });
    expect((await remove(leaderId)).status).to.equal(204);
    expect((await leader.get('/auth/me')).status).to.equal(401);
    expect((await second.get(`/games/${game}`)).body.created_by_user_id).to.equal(null);
    expect((await second.get(`/chat/${thread}`)).body.thread.owner_id).to.equal(secondId);
    const authors = async () => {
      const { items } = (await second.get(`/chat/${thread}/messages`)).body;
      return items.map((message: { author_id: string | null }) => message.author_id);
    };
    await until(async () => (await authors())[0] === null, 'the deleted user is off their messages');
    expect(await authors()).to.deep.equal([null, secondId]);
  });

  it('ends their API tokens at once', async () => {
    const client = await server.user();
    const id = await idOf(client);
    const issue = async () => {
      const { body } = await client.post('/auth/tokens', { name: 'bot', scopes: ['chat.use'] });
      return { Authorization: `Bearer ${body.token}` };
    };
    const [first, anonymous] = [await issue(), server.client()];
    expect((await anonymous.get('/chat', first)).status).to.equal(200);
    expect((await remove(id)).status).to.equal(204);
    expect((await anonymous.get('/chat', first)).status).to.equal(401);
  });
});
