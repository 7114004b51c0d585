/** What the speed layer holds of a user is gone when they sign out or are deleted. */
import { expect } from 'chai';
import type { ThreadId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: what a user leaves behind', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  async function talking(): Promise<{ client: Client; thread: ThreadId }> {
    const client = await server.user();
    const thread = (await client.post('/chat', {})).body.id;
    await client.post(`/chat/${thread}`, { content: 'A door opens.' });
    await client.get(`/chat/${thread}`);
    return { client, thread };
  }
  const isHeld = async (thread: ThreadId) =>
    (await server.application.container.get(tokens.contexts).find(thread)) !== undefined;

  it('is their windows, when they sign out, and nobody else’s', async () => {
    const [one, other] = [await talking(), await talking()];
    expect([await isHeld(one.thread), await isHeld(other.thread)]).to.deep.equal([true, true]);
    expect((await one.client.post('/auth/logout')).status).to.equal(204);
    expect([await isHeld(one.thread), await isHeld(other.thread)]).to.deep.equal([false, true]);
  });

  for (const [how, end] of [
    ['log out everywhere', async (client: Client) => client.post('/auth/logout-all', {})],
    [
      'are deleted',
      async (client: Client) => {
        const { id } = (await client.get('/auth/me')).body.user;
        return (await server.admin()).delete(`/admin/users/${id}`);
      },
    ],
  ] as const) {
    it(`is their windows, when they ${how}`, async () => {
      const { client, thread } = await talking();
      expect((await end(client)).status).to.be.below(300);
      expect(await isHeld(thread)).to.equal(false);
    });
  }
});
