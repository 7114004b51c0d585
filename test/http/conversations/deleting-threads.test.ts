/** Deleting threads over HTTP: gone for everybody at once, and from the store soon after. */
import { expect } from 'chai';
import type { ThreadId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { talk } from '../../support/builders/long-talk.ts';
import { rounds } from '../../support/reporting/rounds.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

onEveryStore('HTTP: deleting threads', () => {
  let server: TestServer;
  let client: Client;
  let thread: ThreadId;

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '4000' });
    client = await server.user();
  });
  after(() => server.close());
  beforeEach(async () => {
    thread = (await client.post('/chat', {})).body.id;
    await client.post(`/chat/${thread}`, { content: talk(1), pinned: true });
  });

  const remove = (by = client) => by.delete(`/chat/${thread}`);
  const refused = ({ status, body }: { status: number; body: Json }) => [status, body.code];
  const stored = () => server.application.container.get(tokens.conversations).messages(thread, { limit: 9 });

  it('answers 204, and from then on 404 `thread_not_found` to every call on it, the same one too', async () => {
    expect((await remove()).status).to.equal(204);
    const calls = [
      client.get(`/chat/${thread}`),
      client.get(`/chat/${thread}/messages`),
      client.get(`/chat/${thread}/messages/1`),
      client.get(`/chat/${thread}/context-usage`),
      client.get(`/chat/${thread}/events`),
      client.get(`/chat/${thread}/compactions/1/diff`),
      client.post(`/chat/${thread}/compactions/1/undo`),
      client.post(`/chat/${thread}`, { content: 'Hello?' }),
      client.patch(`/chat/${thread}`, { archived: true }),
      client.put(`/chat/${thread}/messages/1/pin`, {}),
      client.delete(`/chat/${thread}/messages/1/pin`),
      remove(),
    ];
    for (const answer of await Promise.all(calls)) expect(refused(answer)).to.deep.equal([404, 'thread_not_found']);
    const { items } = (await client.get('/chat?limit=200')).body;
    expect(items.map(({ id }: Json) => id)).not.to.include(thread);
  });

  it('has what was said in it removed soon after, and the copy of its window at once', async () => {
    await client.get(`/chat/${thread}`);
    expect(await server.application.container.get(tokens.contexts).find(thread)).not.to.equal(undefined);
    await remove();
    expect(await server.application.container.get(tokens.contexts).find(thread)).to.equal(undefined);
    await until(async () => (await stored()).length === 0, 'what was said is removed');
  });

  it('frees the key under which it was started', async () => {
    const headers = { 'Idempotency-Key': `start ${thread}` };
    const start = () => client.post('/chat', { title: 'Once' }, headers);
    thread = (await start()).body.id;
    expect((await start()).body.id).to.equal(thread);
    await remove();
    const again = await start();
    expect([again.status, again.body.id === thread]).to.deep.equal([201, false]);
  });

  it('tells whoever listens to the thread that it changed', async () => {
    const told: unknown[] = [];
    const events = server.application.container.get(tokens.events);
    await events.subscribe(thread, { onEvent: ({ event }) => told.push(event), onLost: () => {} });
    await remove();
    await until(() => told.length > 0, 'the deletion is told');
    expect(told).to.deep.equal([{ kind: 'revised', lastSeq: 1, version: 2, revision: 0 }]);
  });

  it('is of private threads what deleting their owner does', async () => {
    const admin = await server.admin();
    const id = (await client.get('/auth/me')).body.user.id;
    expect((await admin.delete(`/admin/users/${id}`)).status).to.equal(204);
    await until(async () => (await stored()).length === 0, 'what was said is removed');
    client = await server.user();
  });

  it('lets an append that races it be stored or find nothing, and leaves nothing of either', async () => {
    for (let round = 0; round < rounds(20); round += 1) {
      thread = (await client.post('/chat', {})).body.id;
      const say = () => client.post(`/chat/${thread}`, { content: 'Still here?' });
      const [first, removed, ...others] = await Promise.all([say(), remove(), say(), say()]);
      expect(removed.status).to.equal(204);
      for (const { status } of [first, ...others]) expect(status).to.be.oneOf([201, 404]);
      expect((await say()).status).to.equal(404);
      await until(async () => (await stored()).length === 0, 'what was said is removed');
    }
  });

  it('is for the owner and the GMs of the game: 403 `thread_not_yours` to players, 404 to everybody else', async () => {
    const [gm, player, admin] = [await server.user('gm'), await server.user(), await server.admin()];
    const { id: game_id } = (await gm.post('/games', { name: 'The mines' })).body;
    for (const member of [client, player]) {
      const user_id = (await member.get('/auth/me')).body.user.id;
      await gm.post(`/games/${game_id}/members`, { user_id, role_in_game: 'player' });
    }
    for (const by of [client, gm]) {
      thread = (await client.post('/chat', { game_id })).body.id;
      expect(refused(await remove(player))).to.deep.equal([403, 'thread_not_yours']);
      expect(refused(await remove(admin))).to.deep.equal([404, 'thread_not_found']);
      expect((await client.get(`/chat/${thread}`)).status).to.equal(200);
      expect((await remove(by)).status).to.equal(204);
    }
  });
});
