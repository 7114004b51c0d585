/** Conversations by the Model Context Protocol, as its official client uses them. */
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { failureOf } from '../../support/reporting/refusals.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

onEveryStore('HTTP: the Model Context Protocol', () => {
  let server: TestServer;
  let owner: Client;
  let mcp: McpClient;
  let thread: string;
  const opened: McpClient[] = [];

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '1000' });
    owner = await server.user('developer');
    mcp = await connected(await server.token(owner, 'chat.use', 'chat.compact'));
  });
  after(async () => {
    for (const client of opened) await client.close();
    await server.close();
  });
  beforeEach(async () => {
    thread = (await owner.post('/chat', { title: 'A heist' })).body.id;
    await owner.post(`/chat/${thread}`, { content: 'We open the vault of Emberhall.' });
  });

  async function connected(token: string): Promise<McpClient> {
    const client = new McpClient({ name: 'test', version: '1' });
    const requestInit = { headers: { Authorization: `Bearer ${token}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), { requestInit }) as never);
    opened.push(client);
    return client;
  }

  async function call(name: string, given: object, by = mcp): Promise<Readonly<{ isError: boolean; value: Json }>> {
    const { content, isError } = await by.callTool({ name, arguments: { ...given } });
    const [{ text }] = content as [{ text: string }];
    return { isError: isError === true, value: isError && !text.startsWith('{') ? text : JSON.parse(text) };
  }
  const done = async (name: string, given: object, by?: McpClient) => {
    const { isError, value } = await call(name, given, by);
    expect(isError, JSON.stringify(value)).to.equal(false);
    return value;
  };
  const refused = async (name: string, given: object, by?: McpClient) => {
    const { isError, value } = await call(name, given, by);
    expect(isError, JSON.stringify(value)).to.equal(true);
    return [value.status, value.code];
  };

  it('lists its tools, with what each takes, and which of them change nothing', async () => {
    const { tools } = await mcp.listTools();
    const readers = tools.filter(({ annotations }) => annotations?.readOnlyHint).map(({ name }) => name);
    expect(tools.map(({ name }) => name)).to.have.members([...readers, 'append_message', 'compact_thread']);
    expect(readers).to.have.members(['list_threads', 'read_window', 'read_messages', 'search_messages']);
    const append = tools.find(({ name }) => name === 'append_message');
    expect(append?.inputSchema.required).to.include.members(['thread', 'content']);
  });

  it('lists, reads and appends as over HTTP', async () => {
    const { items } = await done('list_threads', { query: 'heist', limit: 200 });
    expect(items.map(({ id }: Json) => id)).to.include(thread);
    const appended = await done('append_message', {
      thread,
      content: 'It is empty.',
      role: 'assistant',
      name: 'Keyleth',
    });
    expect(appended.message).to.include({ seq: 2, role: 'assistant', content: 'It is empty.', name: 'Keyleth' });
    expect(appended.usage.message_count).to.equal(2);
    const stored = (await owner.get(`/chat/${thread}/messages`)).body.items;
    expect((await done('read_messages', { thread })).items).to.deep.equal(stored);
    const { items: older, has_more } = await done('read_messages', { thread, after: 0, limit: 1 });
    expect([older.map(({ seq }: Json) => seq), has_more]).to.deep.equal([[1], true]);
    expect(await done('read_window', { thread })).to.deep.equal((await owner.get(`/chat/${thread}`)).body);
  });

  it('compacts for who may, and finds again what was compacted away', async () => {
    for (let n = 0; n < 15; n += 1)
      await owner.post(`/chat/${thread}`, {
        content: `Turn ${n}. ${'We walk on, and nobody says a word. '.repeat(5)}`,
      });
    const { event, usage } = await done('compact_thread', { thread });
    expect(event).to.include({ kind: 'compacted', trigger: 'manual' });
    expect(event.after_tokens).to.be.below(event.before_tokens);
    expect(usage).to.deep.equal((await owner.get(`/chat/${thread}/context-usage`)).body);
    const found = async () => (await done('search_messages', { query: 'Emberhall', thread })).items as Json[];
    await until(async () => (await found()).length > 0, 'the message is found');
    expect((await found())[0]).to.include({ thread_id: thread, seq: 1 });
    const everywhere = (await done('search_messages', { query: 'vault emberhall' })).items as Json[];
    expect(everywhere.map(({ thread_id }) => thread_id)).to.include(thread);
    const player = await connected(await server.token(owner, 'chat.use'));
    expect(await refused('compact_thread', { thread }, player)).to.deep.equal([403, 'permission_missing']);
  });

  it('refuses as over HTTP, as errors of the tools, and changes nothing then', async () => {
    const stranger = await connected(await server.token(await server.user(), 'chat.use'));
    for (const [name, given] of [
      ['read_window', {}],
      ['read_messages', {}],
      ['append_message', { content: 'x' }],
      ['search_messages', { query: 'x' }],
    ] as const) {
      expect(await refused(name, { thread, ...given }, stranger), name).to.deep.equal([404, 'thread_not_found']);
      expect(await refused(name, { thread: 'nonsense', ...given }), name).to.deep.equal([404, 'thread_not_found']);
    }
    expect((await done('list_threads', {}, stranger)).items).to.deep.equal([]);
    const large = await call('append_message', { thread, content: 'x'.repeat(5_000) });
    expect(large.value).to.include({ status: 413, code: 'context_budget_unreachable' });
    expect(large.value.advice).to.be.an('array');
    const invalid = await call('append_message', { thread });
    expect([invalid.isError, String(invalid.value)]).to.satisfy(
      ([failed, text]: [boolean, string]) => failed && text.includes('content'),
    );
    expect((await owner.get(`/chat/${thread}/messages`)).body.items).to.have.length(1);
  });

  it('answers 401 without a good token, and 403 to one without the scope and to pages of other origins', async () => {
    await failureOf(connected(`tk_${'A'.repeat(60)}`));
    const scoped = await server.token(await server.admin(), 'users.read');
    await failureOf(connected(scoped));
    const headers = (token: string, more: Record<string, string> = {}) => ({
      Authorization: `Bearer ${token}`,
      ...more,
    });
    const listing = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    const client = server.client();
    const statusOf = async (more: Record<string, string>) => {
      const { status, body } = await client.post('/mcp', listing, more);
      return [status, body.code];
    };
    expect(await statusOf({})).to.deep.equal([401, 'unauthenticated']);
    expect(await statusOf(headers(scoped))).to.deep.equal([403, 'permission_missing']);
    const good = await server.token(owner, 'chat.use');
    expect(await statusOf(headers(good, { Origin: 'http://evil.example' }))).to.deep.equal([403, 'foreign_origin']);
    expect(await statusOf(headers(good, { Origin: server.url }))).to.deep.equal([200, undefined]);
  });

  it('offers no stream, which clients take for that: 405 with what is allowed', async () => {
    const { status, headers, body } = await owner.get('/mcp');
    expect([status, headers.get('allow'), body.code]).to.deep.equal([405, 'POST', 'method_not_allowed']);
  });

  it('answers 400 to what is no message, to several at once, and to a version of the protocol that there is not', async () => {
    for (const [body, headers] of [
      [{}, {}],
      [[{ jsonrpc: '2.0', id: 1, method: 'ping' }], {}],
      [{ jsonrpc: '2.0', id: 1 }, {}],
      [{ jsonrpc: '2.0', id: 1, method: 'ping' }, { 'Mcp-Protocol-Version': '1999-01-01' }],
    ] as const)
      expect((await owner.post('/mcp', body, headers)).status, JSON.stringify(body)).to.equal(400);
    expect((await owner.post('/mcp', { jsonrpc: '2.0', id: 1, method: 'ping' })).body.result).to.deep.equal({});
    expect((await owner.post('/mcp', { jsonrpc: '2.0', method: 'notifications/initialized' })).status).to.equal(202);
  });

  it('answers 500 with a request id, and no more, to a fault of ours, which the log explains', async () => {
    const conversations = server.application.container.get(tokens.conversations);
    const messages = conversations.messages;
    conversations.messages = () => Promise.reject(new Error('the shelf is broken'));
    try {
      const body = {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'read_messages', arguments: { thread } },
      };
      const answer = await owner.post('/mcp', body);
      expect(answer.body).to.include({ status: 500, code: 'internal_error' });
      expect(answer.text).not.to.include('shelf');
      expect(server.logs.join('')).to.include('the shelf is broken');
    } finally {
      conversations.messages = messages;
    }
  });
});
