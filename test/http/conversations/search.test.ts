/** Search over HTTP: what was said is found by those who may read it, and by nobody else. */
import { expect } from 'chai';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: search', () => {
  let server: TestServer;
  let client: Client;
  let thread: string;

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '1000' });
    client = await server.user();
    thread = (await client.post('/chat', {})).body.id;
    await say(client, thread, 'The password of the vault is xorzob-4711.');
  });
  after(() => server.close());

  const say = async (who: Client, where: string, content: string) => {
    const answer = await who.post(`/chat/${where}`, { content });
    expect(answer.status, answer.text).to.equal(201);
  };
  const places = (body: Json) => body.items.map((hit: Json) => `${hit.thread_id}/${hit.seq}`);

  it('answers 200 with hits, their surroundings and where in them the words are, right after an append', async () => {
    const { status, body } = await client.get(`/chat/${thread}/search?query=xorzob-4711`);
    expect(status).to.equal(200);
    expect(body).to.deep.equal({
      items: [
        {
          thread_id: thread,
          seq: 1,
          role: 'user',
          snippet: 'The password of the vault is xorzob-4711.',
          highlights: [{ start: 29, end: 40 }],
          in_window: true,
        },
      ],
      next_cursor: null,
      match: 'all',
      messages: 1,
      searched: 1,
    });
    expect((await client.get('/chat/search?query=XORZOB')).body).to.deep.equal({ ...body, items: [hitOf(body, 35)] });
  });

  const hitOf = ({ items: [hit] }: Json, end: number) => ({ ...hit, highlights: [{ start: 29, end }] });

  it('answers 200 with what was compacted away, word for word, which the window no longer shows', async () => {
    const { id } = (await client.post('/chat', {})).body;
    await say(client, id, 'Remember: the griffin is called Quillomere.');
    for (let n = 0; n < 40; n += 1) await say(client, id, `Day ${n}. ${'We walk on along the river. '.repeat(8)}`);
    const { body } = await client.get(`/chat/${id}/search?query=quillomere&scope=compacted`);
    expect(places(body)).to.deep.equal([`${id}/1`]);
    expect(body.items[0].in_window).to.equal(false);
    const last = (await client.get(`/chat/${id}/search?query="day 39"`)).body;
    expect(last.items[0]).to.include({ seq: 41, in_window: true });
    expect((await client.get(`/chat/${id}/search?query="day 39"&scope=compacted`)).body.items).to.deep.equal([]);
  });

  it('finds nothing for others: not for admins, not in all, not by what it counts', async () => {
    for (const other of [await server.user(), await server.admin(), await server.user('gm', 'developer')]) {
      const { body } = await other.get('/chat/search?query=xorzob');
      expect(body).to.deep.equal({ items: [], next_cursor: null, match: 'all', messages: 0, searched: 0 });
      const denied = await other.get(`/chat/${thread}/search?query=xorzob`);
      expect([denied.status, denied.body.code]).to.deep.equal([404, 'thread_not_found']);
    }
  });

  it('finds what is said in a game for its members, until they leave it', async () => {
    const [gm, player] = [await server.user('gm'), await server.user()];
    const game = (await gm.post('/games', { name: 'The mines' })).body.id;
    const user_id = (await player.get('/auth/me')).body.user.id;
    await gm.post(`/games/${game}/members`, { user_id, role_in_game: 'player' });
    const { id } = (await gm.post('/chat', { game_id: game })).body;
    await say(gm, id, 'A basilisk sleeps below.');
    expect(places((await player.get('/chat/search?query=basilisk')).body)).to.deep.equal([`${id}/1`]);
    expect((await player.delete(`/games/${game}/members/${user_id}`)).status).to.equal(204);
    expect((await player.get('/chat/search?query=basilisk')).body).to.include({ messages: 0 });
    expect((await player.get(`/chat/${id}/search?query=basilisk`)).status).to.equal(404);
    expect(places((await gm.get('/chat/search?query=basilisk')).body)).to.deep.equal([`${id}/1`]);
  });

  it('answers 400 to no query, to one that is too long, to an unknown scope, and where all threads have none', async () => {
    const bad = [
      '',
      'query=',
      `query=${'x'.repeat(201)}`,
      'query=x&scope=window',
      'query=x&limit=0',
      'query=x&sort=new',
    ];
    for (const query of bad) expect((await client.get(`/chat/${thread}/search?${query}`)).status, query).to.equal(400);
    expect((await client.get('/chat/search?query=x&scope=compacted')).status).to.equal(400);
    expect((await client.get(`/chat/search?query=${'x'.repeat(200)}`)).status).to.equal(200);
  });

  it('answers 200 to whatever is typed', async () => {
    for (const query of ['"', '*', 'a AND', "o'clock", '(((', 'x:*', '\\', '中', '🐉', '%'])
      expect((await client.get(`/chat/search?query=${encodeURIComponent(query)}`)).status, query).to.equal(200);
  });
});
