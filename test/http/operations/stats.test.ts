/** What the operator sees of a running server, over HTTP. */
import { expect } from 'chai';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { currentStore, onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: statistics', () => {
  let server: TestServer;
  let admin: Client;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
  });
  after(() => server.close());

  describe('GET /admin/stats', () => {
    it('answers 200 with counts of what is stored and the names of the adapters in use', async () => {
      const before = (await admin.get('/admin/stats')).body;
      const sessions = currentStore() === 'memory' ? 'memory' : 'embedded';
      expect(before.adapters).to.include({ records: currentStore(), sessions, token_estimator: 'chars_div_4' });
      const client = await server.user('gm');
      await client.post('/games', { name: 'The Sunken Crypt' });
      const { id } = (await client.post('/chat', {})).body;
      for (const content of ['One.', 'Two.', 'Three.']) await client.post(`/chat/${id}`, { content });
      const after = (await admin.get('/admin/stats')).body;
      const more = { users: 1, games: 1, sources: 0, threads: 1, messages: 3, compactions: 0 };
      for (const [name, count] of Object.entries(more)) expect(after[name] - before[name], name).to.equal(count);
      expect(after.sessions).to.be.greaterThan(before.sessions);
    });

    it('answers 401 to an anonymous caller, and 403 to a GM', async () => {
      expect((await server.client().get('/admin/stats')).status).to.equal(401);
      expect((await (await server.user('gm')).get('/admin/stats')).status).to.equal(403);
    });
  });
});
