/** Changing threads over HTTP: their title, their system prompt, the archive. */
import { expect } from 'chai';
import { talk } from '../../support/builders/long-talk.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: changing threads', () => {
  let server: TestServer;
  let client: Client;
  let thread: string;

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '4000' });
    client = await server.user();
  });
  after(() => server.close());
  beforeEach(async () => {
    thread = (await client.post('/chat', { title: 'Before' })).body.id;
  });

  const change = (fields: object, by = client) => by.patch(`/chat/${thread}`, fields);
  const window = async () => (await client.get(`/chat/${thread}`)).body;
  const usage = async () => (await client.get(`/chat/${thread}/context-usage`)).body;
  const say = (content: string) => client.post(`/chat/${thread}`, { content });
  const events = async () => (await client.get(`/chat/${thread}/events`)).body.items;
  const refused = ({ status, body }: { status: number; body: Json }) => [status, body.code];

  it('answers 200 with the thread, changed in what was said and in nothing else', async () => {
    const before = (await window()).thread;
    const renamed = await change({ title: 'After' });
    expect([renamed.status, renamed.body]).to.deep.equal([200, { ...before, title: 'After' }]);
    expect((await change({})).body).to.deep.equal(renamed.body);
    expect((await window()).thread).to.deep.equal(renamed.body);
    const all = { title: 'Once more', archived: true, system_prompt: 'You are a dwarf.' };
    expect((await change(all)).body).to.deep.equal({ ...before, ...all });
    expect((await window()).thread).to.deep.equal({ ...before, ...all });
  });

  it('answers 400 to what is no title, no prompt, or no field of a thread', async () => {
    for (const fields of [
      { title: '' },
      { title: null },
      { system_prompt: '' },
      { archived: 'yes' },
      { owner_id: 'x' },
    ])
      expect((await change(fields)).status, JSON.stringify(fields)).to.equal(400);
  });

  describe('the archive', () => {
    it('is read and listed, and nothing is said in it: 409 `archived`, until the thread is out of it again', async () => {
      await say('We open the door.');
      await change({ archived: true });
      const before = await window();
      expect(refused(await say('And on.'))).to.deep.equal([409, 'archived']);
      expect(refused(await change({ system_prompt: 'You are a dwarf.' }))).to.deep.equal([409, 'archived']);
      expect(refused(await change({ system_prompt: 'A dwarf.', archived: false }))).to.deep.equal([409, 'archived']);
      expect(await window()).to.deep.equal(before);
      const listed = async (archived: boolean) =>
        (await client.get(`/chat?archived=${archived}`)).body.items.some(({ id }: Json) => id === thread);
      expect([await listed(true), await listed(false)]).to.deep.equal([true, false]);
      expect((await change({ title: 'Put away' })).body.title).to.equal('Put away');
      await change({ archived: false });
      expect((await say('And on.')).status).to.equal(201);
      expect([await listed(true), await listed(false)]).to.deep.equal([false, true]);
    });
  });

  describe('the system prompt', () => {
    it('counts towards the window at once, and null takes it away', async () => {
      await say('We open the door.');
      const before = await window();
      await change({ system_prompt: 'x'.repeat(400) });
      expect((await usage()).approx_tokens).to.equal(before.usage.approx_tokens + 100);
      expect((await change({ system_prompt: null })).body.system_prompt).to.equal(null);
      expect(await window()).to.deep.equal(before);
    });

    it('is refused with 413 `pins_over_budget` where it and the pins exceed their share, and advice on both', async () => {
      await client.post(`/chat/${thread}`, { content: 'p'.repeat(4 * 700), pinned: true });
      const before = await window();
      const { status, body } = await change({ title: 'Not this', system_prompt: 'x'.repeat(4 * 600) });
      expect([status, body.code]).to.deep.equal([413, 'pins_over_budget']);
      expect(body.advice.map(({ action }: Json) => action)).to.deep.equal(['unpin', 'shorten_prompt']);
      expect(await window()).to.deep.equal(before);
      expect((await change({ system_prompt: 'x'.repeat(4 * 500) })).status).to.equal(200);
    });

    it('has the window compacted first where it would reach the trigger, which an event tells', async () => {
      for (let n = 0; (await usage()).usage_pct < 75; n += 1) await say(talk(n));
      const prompt = 'x'.repeat(4 * 1_000);
      expect((await change({ system_prompt: prompt })).status).to.equal(200);
      expect((await usage()).usage_pct).to.be.at.most(60);
      expect(await events()).to.have.length(1);
      expect((await events())[0]).to.include({ kind: 'compacted', trigger: 'auto', by: null });
      expect((await window()).thread.system_prompt).to.equal(prompt);
      expect((await say('And on.')).body.compaction).to.equal(undefined);
    });

    it('is refused with 409 `over_budget` where nothing compacts by itself and the window would exceed all of it', async () => {
      const off = await startTestServer({ CTX_MAX_TOKENS: '4000', COMPACTION: 'off' });
      const own = await off.user();
      const { id } = (await own.post('/chat')).body;
      for (let n = 0; n < 35; n += 1) await own.post(`/chat/${id}`, { content: talk(n) });
      const before = (await own.get(`/chat/${id}`)).body;
      const answer = await own.patch(`/chat/${id}`, { system_prompt: 'x'.repeat(4 * 1_000) });
      expect(refused(answer)).to.deep.equal([409, 'over_budget']);
      expect((await own.get(`/chat/${id}`)).body).to.deep.equal(before);
      expect((await own.patch(`/chat/${id}`, { system_prompt: 'x' })).status).to.equal(200);
      await off.close();
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
    for (const fields of [{ title: 'Mine' }, { archived: true }, { system_prompt: 'Mine.' }]) {
      expect(refused(await change(fields, player))).to.deep.equal([403, 'thread_not_yours']);
      expect(refused(await change(fields, admin))).to.deep.equal([404, 'thread_not_found']);
    }
    for (const by of [client, gm]) expect((await change({ title: 'Ours' }, by)).status).to.equal(200);
  });
});
