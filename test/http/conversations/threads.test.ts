/** Threads over HTTP: started, found, and there for their owner alone. */
import { expect } from 'chai';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: threads', () => {
  let server: TestServer;
  let client: Client;
  let thread: string;

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '4000' });
    client = await server.user();
  });
  after(() => server.close());
  beforeEach(async () => {
    thread = (await client.post('/chat', {})).body.id;
  });

  describe('POST /chat and GET /chat', () => {
    it('answers 201 with the thread and its usage', async () => {
      const { status, body } = await client.post('/chat', { title: 'The mines', system_prompt: 'You are a dwarf.' });
      expect(status).to.equal(201);
      expect(body).to.include({
        title: 'The mines',
        system_prompt: 'You are a dwarf.',
        message_count: 0,
        archived: false,
      });
      expect(body.usage).to.include({ approx_tokens: 4, entry_count: 0, usage_pct: 0, estimator: 'chars_div_4' });
    });

    it('answers 413 `pins_over_budget` to a system prompt over its share of the budget, and makes no thread', async () => {
      const own = await server.user();
      const { status, body } = await own.post('/chat', { system_prompt: 'x'.repeat(4 * 1_300) });
      expect([status, body.code]).to.deep.equal([413, 'pins_over_budget']);
      expect((await own.get('/chat')).body.items).to.deep.equal([]);
    });

    it('answers 200 with the caller’s own threads alone, latest first, in pages, and by part of the title', async () => {
      const own = await server.user();
      for (const title of ['Alpha', 'Beta', 'Gamma']) await own.post('/chat', { title });
      const first = (await own.get('/chat?limit=2')).body;
      const second = (await own.get(`/chat?limit=2&cursor=${first.next_cursor}`)).body;
      const titles = [...first.items, ...second.items].map((one: Json) => one.title);
      expect(titles).to.deep.equal(['Gamma', 'Beta', 'Alpha']);
      expect(second.next_cursor).to.equal(null);
      expect((await own.get('/chat?query=ET')).body.items.map((one: Json) => one.title)).to.deep.equal(['Beta']);
      const [, beta] = first.items;
      await own.post(`/chat/${beta.id}`, { content: 'on we go' });
      expect((await own.get('/chat')).body.items[0].title).to.equal('Beta');
    });

    it('answers 200 with the threads of a game, and of the archive or not, which nothing is in', async () => {
      const own = await server.user('gm');
      const { id: game_id } = (await own.post('/games', { name: 'The mines' })).body;
      const inGame = (await own.post('/chat', { title: 'In the mines', game_id })).body.id;
      const alone = (await own.post('/chat', { title: 'At home' })).body.id;
      const ids = async (query: string) => (await own.get(`/chat?${query}`)).body.items.map((one: Json) => one.id);
      expect(await ids(`game_id=${game_id}`)).to.deep.equal([inGame]);
      expect(await ids(`game_id=${game_id}&query=HOME`)).to.deep.equal([]);
      expect(await ids('archived=true')).to.deep.equal([]);
      expect(await ids('archived=false')).to.deep.equal([alone, inGame]);
      for (const query of ['archived=maybe', 'game_id='])
        expect((await own.get(`/chat?${query}`)).status).to.equal(400);
    });

    it('answers 400 `malformed_cursor` to a cursor that no list gave out', async () => {
      for (const cursor of ['x', 'eyJhIjoxfQ', '%F0%9F%98%80']) {
        expect((await client.get(`/chat?cursor=${cursor}`)).body).to.include({ status: 400, code: 'malformed_cursor' });
      }
    });

    it('answers 400 to a limit that is not a whole number from 1 to 200', async () => {
      for (const limit of ['0', '201', '-1', 'ten', '1.5']) {
        expect((await client.get(`/chat?limit=${limit}`)).status).to.equal(400);
      }
    });
  });

  describe('access', () => {
    it('answers 404 `thread_not_found` for another user’s thread as for an unknown or malformed id, even to admins', async () => {
      await client.post(`/chat/${thread}`, { content: 'secret' });
      const others = [await server.admin(), await server.user()];
      // Nothing tells one from the other: neither what is said of them nor what is sent with it.
      const seen = new Set<string>();
      for (const other of others) {
        for (const id of [thread, 'thr_0199aaaa-0000-7000-8000-000000000000', 'nonsense', '%00', 'THR_1']) {
          const reads = ['', '/messages', '/messages/1', '/context-usage', '/events'].map((path) =>
            other.get(`/chat/${id}${path}`),
          );
          const answers = await Promise.all([...reads, other.post(`/chat/${id}`, { content: 'x' })]);
          for (const { status, headers, body } of answers)
            seen.add(JSON.stringify([status, [...headers.keys()].sort(), { ...body, request_id: '' }]));
          expect(answers[0]?.body).to.include({ status: 404, code: 'thread_not_found' });
        }
      }
      expect([...seen]).to.have.length(1);
    });

    it('answers 401 to an anonymous caller', async () => {
      expect((await server.client().get(`/chat/${thread}`)).status).to.equal(401);
      expect((await server.client().post(`/chat/${thread}`, { content: 'x' })).status).to.equal(401);
    });
  });
});
