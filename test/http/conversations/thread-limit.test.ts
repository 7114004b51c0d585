/** How many threads one user can own, over HTTP. */
import { expect } from 'chai';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: THREADS_PER_USER', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({ THREADS_PER_USER: '2' });
  });
  after(() => server.close());

  it('answers 409 `threads_full` to a user who owns as many, and starts nothing; others start theirs', async () => {
    const [client, other] = [await server.user(), await server.user()];
    for (const _ of [1, 2]) expect((await client.post('/chat', {})).status).to.equal(201);
    expect((await client.post('/chat', {})).body).to.include({ status: 409, code: 'threads_full', max: 2 });
    expect((await client.get('/chat')).body.items).to.have.length(2);
    expect((await other.post('/chat', {})).status).to.equal(201);
  });
});
