/** Whole conversations as downloads. */
import { expect } from 'chai';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: exporting threads', () => {
  let server: TestServer;
  let client: Client;
  let thread: string;

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '4000' });
    client = await server.user();
  });
  after(() => server.close());
  beforeEach(async () => {
    const fields = { title: 'Die *Mine* / "Ärzte"', system_prompt: 'Be brief.\nBe kind.' };
    thread = (await client.post('/chat', fields)).body.id;
  });

  const download = (format: string, by = client) => by.get(`/chat/${thread}/export?format=${format}`);
  const say = (content: string, fields: object = {}) => client.post(`/chat/${thread}`, { content, ...fields });
  const transcript = async () => (await client.get(`/chat/${thread}/messages?limit=200`)).body.items;
  const shown = async () => (await client.get(`/chat/${thread}`)).body.thread;

  it('answers 200 with the thread and every message, compacted ones word for word, as JSON and as JSON Lines', async () => {
    for (let n = 0; n < 60; n += 1) await say(`${n}: ${'We walk on, and nobody says a word. '.repeat(12)}`);
    const tool_calls = [{ id: 'c1', name: 'roll', arguments: '{"dice":"2d6"}' }];
    await say('', { role: 'assistant', tool_calls });
    await say('7', { role: 'tool', tool_call_id: 'c1', metadata: { source: 'dice' } });
    const { entries } = (await client.get(`/chat/${thread}`)).body;
    expect(entries.some(({ kind }: Json) => kind === 'summary' || kind === 'condensed')).to.equal(true);
    const [all, head] = [await transcript(), await shown()];
    expect(all).to.have.length(62);
    const json = await download('json');
    expect([json.status, json.headers.get('content-type')]).to.deep.equal([200, 'application/json']);
    expect(json.body).to.deep.equal({ thread: head, messages: all });
    const lines = await download('jsonl');
    expect([lines.status, lines.headers.get('content-type')]).to.deep.equal([200, 'application/x-ndjson']);
    const [first, ...rest] = lines.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).to.deep.equal({ type: 'thread', format: 1, ...head });
    expect(rest).to.deep.equal(all.map((message: Json) => ({ type: 'message', ...message })));
  });

  it('answers 200 with Markdown unless told, for people: who said what, when, and what tools were called with', async () => {
    await say('We open\n\nthe *door*.', { name: 'Mira\nthe Bold', pinned: true });
    const tool_calls = [{ id: 'c1', name: 'run', arguments: '"```"' }];
    await say('', { role: 'assistant', tool_calls });
    const [one, two] = await transcript();
    const answer = await client.get(`/chat/${thread}/export`);
    expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([200, 'text/markdown; charset=utf-8']);
    expect(answer.text).to.equal(
      [
        '# Die *Mine* / "Ärzte"\n\n> Be brief.\n> Be kind.\n',
        `\n## 1. Mira the Bold (user), ${one.created_at}, pinned\n\nWe open\n\nthe *door*.\n`,
        `\n## 2. assistant, ${two.created_at}\n\nCalls run:\n\n\`\`\`\`json\n"\`\`\`"\n\`\`\`\`\n`,
      ].join(''),
    );
  });

  it('answers 200 for a thread in which nothing was said, and in the archive', async () => {
    await client.patch(`/chat/${thread}`, { archived: true });
    expect((await download('json')).body).to.deep.equal({ thread: await shown(), messages: [] });
    expect((await download('jsonl')).text.trimEnd().split('\n')).to.have.length(1);
  });

  it('is saved under the thread’s title, or its id, by a name that no file system or header minds', async () => {
    const header = async (format: string) => (await download(format)).headers.get('content-disposition');
    expect(await header('markdown')).to.equal(
      `attachment; filename="${thread}.md"; filename*=UTF-8''Die%20%2AMine%2A%20-%20%22%C3%84rzte%22.md`,
    );
    thread = (await client.post('/chat')).body.id;
    expect(await header('jsonl')).to.equal(`attachment; filename="${thread}.jsonl"; filename*=UTF-8''${thread}.jsonl`);
  });

  it('answers 400 to an unknown format', async () => {
    expect((await download('pdf')).status).to.equal(400);
  });

  it('is for all members of the game, and for nobody else: 404', async () => {
    const [gm, player, admin] = [await server.user('gm'), await server.user(), await server.admin()];
    const { id: game_id } = (await gm.post('/games', { name: 'The mines' })).body;
    for (const member of [client, player]) {
      const user_id = (await member.get('/auth/me')).body.user.id;
      await gm.post(`/games/${game_id}/members`, { user_id, role_in_game: 'player' });
    }
    thread = (await client.post('/chat', { game_id })).body.id;
    for (const by of [client, gm, player]) expect((await download('jsonl', by)).status).to.equal(200);
    expect((await download('jsonl', admin)).body).to.include({ status: 404, code: 'thread_not_found' });
  });
});
