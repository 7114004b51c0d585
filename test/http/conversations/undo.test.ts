/** Undoing compactions over HTTP, and what a compaction changed. */
import { expect } from 'chai';
import { appendUntilCompaction, talk } from '../../support/builders/long-talk.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: undoing compactions', () => {
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

  const undo = (id: number | string, by = client) => by.post(`/chat/${thread}/compactions/${id}/undo`);
  const diff = (id: number | string, by = client) => by.get(`/chat/${thread}/compactions/${id}/diff`);
  const window = async () => (await client.get(`/chat/${thread}`)).body;
  const refused = ({ status, body }: { status: number; body: Json }) => [status, body.code];

  describe('POST /chat/{thread}/compactions/{id}/undo', () => {
    it('answers 200 and leads back to the window before, with what was said since; the next append compacts', async () => {
      await appendUntilCompaction(client, thread);
      await client.post(`/chat/${thread}`, { content: 'And on.' });
      const before = await window();
      const { status, body } = await undo(1);
      expect(status).to.equal(200);
      expect(body.event).to.include({ id: 2, kind: 'undone', trigger: 'manual', summaries_added: 0 });
      expect(body.event).to.include({ before_tokens: before.usage.approx_tokens });
      expect(body.event.after_tokens).to.equal(body.usage.approx_tokens);
      expect(body.event.by).to.equal((await client.get('/auth/me')).body.user.id);
      expect(body.usage).to.include({ compaction_pending: true, revision: 2 });
      const after = await window();
      expect(after.usage).to.deep.equal(body.usage);
      const { items } = (await client.get(`/chat/${thread}/messages?limit=200`)).body;
      expect(after.entries.map((one: Json) => [one.kind, one.content])).to.deep.equal(
        items.map((one: Json) => ['message', one.content]),
      );
      expect((await client.get(`/chat/${thread}/events`)).body.items[0]).to.deep.equal(body.event);
      const next = (await client.post(`/chat/${thread}`, { content: 'What now?' })).body;
      expect(next.compaction).to.include({ id: 3, kind: 'compacted', trigger: 'auto' });
      expect(next.usage.usage_pct).to.be.at.most(60);
    });

    it('keeps pins that were set since, word for word, through the next compaction', async () => {
      await appendUntilCompaction(client, thread);
      expect(refused(await client.put(`/chat/${thread}/messages/1/pin`, {}))).to.deep.equal([409, 'not_verbatim']);
      await undo(1);
      expect((await client.put(`/chat/${thread}/messages/1/pin`, {})).status).to.equal(200);
      const { compaction } = (await client.post(`/chat/${thread}`, { content: 'What now?' })).body;
      expect(compaction).to.include({ kind: 'compacted' });
      const [first] = (await window()).entries.filter((one: Json) => one.pinned);
      expect(first).to.include({ kind: 'message', from_seq: 1, content: talk(1) });
      expect((await undo(compaction.id)).status).to.equal(200);
      expect((await window()).entries[0]).to.deep.equal(first);
    });

    it('answers 409 `not_latest` to all but the latest that still stands, which goes back one by one', async () => {
      for (let n = 0; n < 2; n += 1) await appendUntilCompaction(client, thread);
      const first = await undo(1);
      expect(refused(first)).to.deep.equal([409, 'not_latest']);
      expect(first.body.latest).to.equal(2);
      expect((await undo(2)).status).to.equal(200);
      for (const id of [2, 3]) expect((await undo(id)).body).to.include({ code: 'not_latest', latest: 1 });
      expect((await client.get(`/chat/${thread}/events`)).body.items).to.have.length(3);
    });

    it('answers 409 `over_budget` where the window would take more than all of it, and changes nothing', async () => {
      await appendUntilCompaction(client, thread);
      for (let n = 0; n < 8; n += 1) await client.post(`/chat/${thread}`, { content: talk(n) });
      const before = await window();
      const answer = await undo(1);
      expect(refused(answer)).to.deep.equal([409, 'over_budget']);
      expect(answer.body.usage_pct).to.be.greaterThan(100);
      expect(await window()).to.deep.equal(before);
    });

    it('answers 404 `compaction_not_found` to an id that no event has', async () => {
      await appendUntilCompaction(client, thread);
      for (const id of [0, 2, 'x', '9'.repeat(20)])
        expect(refused(await undo(id))).to.deep.equal([404, 'compaction_not_found']);
    });

    it('answers 409 `archived` in the archive, as compacting does, though it may be rehearsed (200)', async () => {
      const developer = await server.user('developer');
      thread = (await developer.post('/chat', {})).body.id;
      await appendUntilCompaction(developer, thread);
      for (let n = 0; n < 5; n += 1) await developer.post(`/chat/${thread}`, { content: talk(n) });
      await developer.patch(`/chat/${thread}`, { archived: true });
      const look = async () => (await developer.get(`/chat/${thread}`)).body;
      const before = await look();
      expect(refused(await undo(1, developer))).to.deep.equal([409, 'archived']);
      expect(refused(await developer.post(`/chat/${thread}/compact-now`))).to.deep.equal([409, 'archived']);
      expect((await developer.post(`/chat/${thread}/compact-now`, { dry_run: true })).status).to.equal(200);
      expect(await look()).to.deep.equal(before);
    });
  });

  describe('GET /chat/{thread}/compactions/{id}/diff', () => {
    it('answers 200 with what left and what stands for it, each message once', async () => {
      const { compaction } = await appendUntilCompaction(client, thread);
      const { status, body } = await diff(1);
      expect(status).to.equal(200);
      const { items } = (await client.get(`/chat/${thread}/messages?limit=200`)).body;
      const said = new Map(items.map((one: Json) => [one.seq, one.content]));
      const { entries } = await window();
      const shown = (kind: string) => entries.filter((one: Json) => one.kind === kind);
      expect(body.condensed).to.deep.equal(
        shown('condensed').map(({ from_seq: seq, content }: Json) => ({ seq, before: said.get(seq), after: content })),
      );
      expect(body.folded.map(({ entry }: Json) => entry)).to.deep.equal([...shown('summary'), ...shown('folded')]);
      // The message that brought it about came after it.
      expect(body.kept).to.equal(shown('message').length - 1);
      expect(compaction.after_messages).to.equal(body.kept + 1);
      expect(body.added).to.deep.equal([]);
    });

    it('shows an undo as the way back: what stands word for word again', async () => {
      await appendUntilCompaction(client, thread);
      const forth = (await diff(1)).body;
      await client.post(`/chat/${thread}`, { content: 'And on.' });
      await undo(1);
      const back = (await diff(2)).body;
      expect([back.kept, back.condensed, back.folded]).to.deep.equal([forth.kept, [], []]);
      const seqs = [...forth.condensed.map(({ seq }: Json) => seq), ...forth.folded.flatMap(({ seqs }: Json) => seqs)];
      expect(back.added.map((one: Json) => one.from_seq)).to.have.members(seqs);
      expect((await diff(1)).body).to.deep.equal(forth);
    });

    it('answers 404 `compaction_not_found` to an id that no event has', async () => {
      for (const id of [0, 1, 'x']) expect(refused(await diff(id))).to.deep.equal([404, 'compaction_not_found']);
    });
  });

  it('is for the owner and the GMs of the game: 403 `thread_not_yours` to players, 404 to everybody else', async () => {
    const [gm, player, admin] = [await server.user('gm'), await server.user(), await server.admin()];
    const { id: game_id } = (await gm.post('/games', { name: 'The mines' })).body;
    for (const member of [client, player]) {
      const user_id = (await member.get('/auth/me')).body.user.id;
      await gm.post(`/games/${game_id}/members`, { user_id, role_in_game: 'player' });
    }
    thread = (await client.post('/chat', { game_id })).body.id;
    await appendUntilCompaction(client, thread);
    for (const call of [diff, undo]) {
      expect(refused(await call(1, player))).to.deep.equal([403, 'thread_not_yours']);
      expect(refused(await call(1, admin))).to.deep.equal([404, 'thread_not_found']);
    }
    for (const by of [client, gm]) expect((await diff(1, by)).status).to.equal(200);
    expect((await undo(1, gm)).status).to.equal(200);
  });
});
