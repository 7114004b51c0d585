/** Pinning messages over HTTP, and unpinning them. */
import { expect } from 'chai';
import { appendUntilCompaction, talk } from '../../support/builders/long-talk.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: pins', () => {
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
    for (const n of [1, 2, 3]) await client.post(`/chat/${thread}`, { content: talk(n) });
  });

  const pin = (seq: number | string, by = client) => by.put(`/chat/${thread}/messages/${seq}/pin`, {});
  const unpin = (seq: number | string, by = client) => by.delete(`/chat/${thread}/messages/${seq}/pin`);
  const window = async () => (await client.get(`/chat/${thread}`)).body;
  const pinned = async () => (await window()).entries.flatMap((one: Json) => (one.pinned ? one.from_seq : []));
  const refused = ({ status, body }: { status: number; body: Json }) => [status, body.code];

  it('answer 200 with message and usage, show in window and transcript, and are no change the second time', async () => {
    const { usage } = await window();
    for (const [call, isPinned] of [
      [pin, true],
      [pin, true],
      [unpin, false],
      [unpin, false],
    ] as const) {
      const { status, body } = await call(2);
      expect(status).to.equal(200);
      expect(body.message).to.include({ seq: 2, content: talk(2), pinned: isPinned });
      expect(body.usage).to.deep.equal(usage);
      expect((await client.get(`/chat/${thread}/messages/2`)).body).to.deep.equal(body.message);
      expect(await pinned()).to.deep.equal(isPinned ? [2] : []);
    }
  });

  it('keep the message word for word through compactions until it is unpinned', async () => {
    await pin(2);
    for (let n = 0; n < 3; n += 1) {
      await appendUntilCompaction(client, thread);
      const [kept] = (await window()).entries.filter((one: Json) => one.pinned);
      expect(kept).to.include({ kind: 'message', from_seq: 2, content: talk(2) });
    }
    await unpin(2);
    for (let n = 0; n < 2; n += 1) await appendUntilCompaction(client, thread);
    const shown = (await window()).entries.filter((one: Json) => one.kind === 'message');
    expect(shown.map((one: Json) => one.from_seq)).not.to.include(2);
  });

  it('are refused with 409 `not_verbatim` once a compaction has shortened the message; unpinning it is none', async () => {
    await appendUntilCompaction(client, thread);
    expect(refused(await pin(1))).to.deep.equal([409, 'not_verbatim']);
    expect((await unpin(1)).status).to.equal(200);
    expect(await pinned()).to.deep.equal([]);
  });

  it('are refused with 413 `pins_over_budget` over their share, with advice on those that there are', async () => {
    for (const tokens of [700, 600]) await client.post(`/chat/${thread}`, { content: 'p'.repeat(4 * tokens) });
    expect((await pin(4)).status).to.equal(200);
    const before = await window();
    const { status, body } = await pin(5);
    expect([status, body.code]).to.deep.equal([413, 'pins_over_budget']);
    expect(body.advice.map(({ action, seq }: Json) => [action, seq])).to.deep.equal([['unpin', 4]]);
    expect(await window()).to.deep.equal(before);
    await unpin(4);
    expect((await pin(5)).status).to.equal(200);
    expect(await pinned()).to.deep.equal([5]);
  });

  it('are refused with 404 `message_not_found` of what was not said, and with 409 `archived` in the archive', async () => {
    for (const call of [pin, unpin]) {
      for (const seq of [0, 4, 'x']) expect(refused(await call(seq))).to.deep.equal([404, 'message_not_found']);
    }
    await pin(1);
    await client.patch(`/chat/${thread}`, { archived: true });
    expect(refused(await pin(2))).to.deep.equal([409, 'archived']);
    expect(refused(await unpin(1))).to.deep.equal([409, 'archived']);
    expect(await pinned()).to.deep.equal([1]);
  });

  it('are for the owner and the GMs of the game: 403 `thread_not_yours` to players, 404 to everybody else', async () => {
    const [gm, player, admin] = [await server.user('gm'), await server.user(), await server.admin()];
    const { id: game_id } = (await gm.post('/games', { name: 'The mines' })).body;
    for (const member of [client, player]) {
      const user_id = (await member.get('/auth/me')).body.user.id;
      await gm.post(`/games/${game_id}/members`, { user_id, role_in_game: 'player' });
    }
    thread = (await client.post('/chat', { game_id })).body.id;
    await player.post(`/chat/${thread}`, { content: 'Mine.' });
    for (const call of [pin, unpin]) {
      expect(refused(await call(1, player))).to.deep.equal([403, 'thread_not_yours']);
      expect(refused(await call(1, admin))).to.deep.equal([404, 'thread_not_found']);
      for (const by of [client, gm]) expect((await call(1, by)).status).to.equal(200);
    }
  });
});
