/** Whole conversations as uploads: what was exported comes back, and what is damaged leaves nothing. */
import { expect } from 'chai';
import type { ThreadId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { chatTranscripts, playTranscripts } from '../../support/builders/transcripts.ts';
import { type Answer, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

const NDJSON = { 'Content-Type': 'application/x-ndjson' };

const HEAD = { type: 'thread', format: 1, title: 'The Mine' };
const line = (seq: number, fields: object = {}) => ({
  type: 'message',
  seq,
  role: 'user',
  content: `Line ${seq}.`,
  ...fields,
});
const fileOf = (...lines: readonly object[]) => lines.map((one) => `${JSON.stringify(one)}\n`).join('');

/** What two exports of the same talk must differ in. */
const OWN = /"(id|owner_id|author_id)":"(msg|thr|usr)_[^"]*",|"author_id":null,|"revision":\d+/g;

/** All messages that entries stand for. */
const seqsOf = (entries: readonly Json[]): readonly number[] =>
  entries
    .flatMap(
      (entry) => entry.seqs ?? Array.from({ length: entry.to_seq - entry.from_seq + 1 }, (_, i) => entry.from_seq + i),
    )
    .toSorted((a, b) => a - b);

onEveryStore('HTTP: importing threads', () => {
  let server: TestServer;
  let client: Client;

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '4000', IMPORT_MAX_MIB: '3', THREADS_PER_USER: '60' });
    client = await server.user();
  });
  after(() => server.close());

  const send = (file: string | Uint8Array<ArrayBuffer>, by = client, query = '') =>
    by.send('POST', `/chat/import${query}`, file, NDJSON);
  const exported = async (thread: string, by = client) => (await by.get(`/chat/${thread}/export?format=jsonl`)).text;
  const threads = async (by = client) => (await by.get('/chat?limit=200')).body.items.map(({ id }: Json) => id);
  const myId = async (by = client) => (await by.get('/auth/me')).body.user.id;
  const refused = ({ status, body }: Answer) => [status, body.code, body.line];

  it('answers 201 with a thread of my own that is exported as what was imported, but for ids', async () => {
    const fields = { title: 'Die *Mine*', system_prompt: 'Be brief.\nBe kind.' };
    const thread = (await client.post('/chat', fields)).body.id;
    const say = (content: string, more: object = {}) => client.post(`/chat/${thread}`, { content, ...more });
    for (let n = 0; n < 60; n += 1) await say(`${n}: ${'We walk on, and nobody says a word. '.repeat(12)}`);
    await say('"\\ 🐉 \u0001\n', { name: 'Mira', pinned: true, metadata: { b: [null, 1.5], a: { ä: '"' } } });
    await say('', { role: 'assistant', tool_calls: [{ id: 'c1', name: 'roll', arguments: '{"dice": "2d6"}' }] });
    await say('7', { role: 'tool', tool_call_id: 'c1' });
    await say('Nobody asked.', { role: 'tool' });
    await say('Be quick.', { role: 'system' });
    const file = await exported(thread);
    const answer = await send(file);
    expect(answer.status, answer.text).to.equal(201);
    const { usage, ...head } = answer.body;
    expect(head).to.include({ owner_id: await myId(), game_id: null, message_count: 65, archived: false });
    const again = await exported(head.id);
    expect(again).not.to.equal(file);
    expect(again.replaceAll(OWN, '')).to.equal(file.replaceAll(OWN, ''));
    expect(again.match(/"author_id":"[^"]*"/g), 'what I wrote is mine').to.deep.equal(
      file.match(/"author_id":"[^"]*"/g),
    );
    const shown = (await client.get(`/chat/${head.id}`)).body;
    expect(shown.usage).to.deep.equal(usage);
    expect(shown.usage).to.include({ compaction_pending: false, message_count: 65 });
    expect(shown.usage.usage_pct).to.be.below(80);
    expect(seqsOf(shown.entries)).to.deep.equal(Array.from({ length: 65 }, (_, i) => i + 1));
    const characters = shown.entries.reduce(
      (sum: number, e: Json) => sum + e.content.length,
      fields.system_prompt.length,
    );
    expect(shown.usage.approx_tokens).to.be.closeTo(characters / 4, 40);
    expect(shown.entries.find((entry: Json) => entry.pinned)).to.include({ kind: 'message', from_seq: 61 });
    const events = (await client.get(`/chat/${head.id}/events`)).body.items;
    expect(events.map((event: Json) => [event.kind, event.trigger, event.by])).to.deep.equal(
      Array.from({ length: usage.revision }, () => ['compacted', 'auto', null]),
    );
    const appended = await client.post(`/chat/${head.id}`, { content: 'And on we go.' });
    expect([appended.status, appended.body.message.seq]).to.deep.equal([201, 66]);
  });

  it('answers 201 to real talk, and exports it again byte for byte, but for ids; its window is as it must be', async function () {
    this.timeout(60_000);
    const longest = playTranscripts().toSorted((a, b) => b.lines.length - a.lines.length)[0]!;
    for (const { title, lines: all } of [longest, ...chatTranscripts().slice(0, 12)]) {
      const lines = all.filter(({ content, toolCalls }) => content !== '' || toolCalls !== null);
      const said = lines.map(({ toolCalls, toolCallId, name, ...one }, i) =>
        line(i + 1, {
          ...one,
          ...(name === null ? {} : { name }),
          ...(toolCalls === null ? {} : { tool_calls: toolCalls }),
          ...(toolCallId === null ? {} : { tool_call_id: toolCallId }),
        }),
      );
      const { status, body, text } = await send(fileOf({ ...HEAD, title: title.slice(0, 200) }, ...said));
      expect(status, text).to.equal(201);
      const file = await exported(body.id);
      expect(
        file
          .trimEnd()
          .split('\n')
          .slice(1)
          .map((one) => JSON.parse(one).content),
      ).to.deep.equal(lines.map(({ content }) => content));
      const again = (await send(file)).body;
      expect((await exported(again.id)).replaceAll(OWN, '')).to.equal(file.replaceAll(OWN, ''));
      const { entries, usage } = (await client.get(`/chat/${again.id}`)).body;
      expect(usage).to.include({ compaction_pending: false, message_count: lines.length, entry_count: entries.length });
      expect(seqsOf(entries)).to.deep.equal(lines.map((_, i) => i + 1));
      for (const id of [body.id, again.id]) await client.delete(`/chat/${id}`);
    }
  });

  it('takes no word for another’s: of a file only what I wrote is mine', async () => {
    const [other, me] = [await server.user(), await myId()];
    const authors = [me, await myId(other), 'usr_nobody', null];
    const lines = authors.map((author_id, i) => line(i + 1, { author_id }));
    const { body } = await send(fileOf({ ...HEAD, owner_id: authors[1] }, ...lines));
    const { items } = (await client.get(`/chat/${body.id}/messages`)).body;
    expect(items.map((one: Json) => one.author_id)).to.deep.equal([me, null, null, null]);
    expect(body.owner_id).to.equal(me);
    expect((await other.get(`/chat/${body.id}`)).status).to.equal(404);
  });

  it('takes what others write: a line per message, and no more of it than is needed', async () => {
    const { status, body } = await send(fileOf({ type: 'thread' }, line(1), line(2, { role: 'assistant' })).trimEnd());
    expect([status, body.title, body.system_prompt, body.message_count]).to.deep.equal([201, 'Line 1.', null, 2]);
    const empty = await send(fileOf({ ...HEAD, archived: true, created_at: '2020-02-29T12:00:00.123Z' }));
    expect([empty.status, empty.body.message_count, empty.body.archived]).to.deep.equal([201, 0, true]);
    expect(empty.body.created_at).to.equal('2020-02-29T12:00:00.123Z');
  });

  it('goes into a game that I am in, for its members, and into no other: 404 `game_not_found`', async () => {
    const [gm, player] = [await server.user('gm'), await server.user()];
    const { id } = (await gm.post('/games', { name: 'The mines' })).body;
    await gm.post(`/games/${id}/members`, { user_id: await myId(player), role_in_game: 'player' });
    const answer = await send(fileOf(HEAD, line(1)), player, `?game_id=${id}`);
    expect([answer.status, answer.body.game_id]).to.deep.equal([201, id]);
    expect((await gm.get(`/chat/${answer.body.id}`)).body.entries[0].content).to.equal('Line 1.');
    expect(refused(await send(fileOf(HEAD), client, `?game_id=${id}`))).to.deep.equal([
      404,
      'game_not_found',
      undefined,
    ]);
  });

  it('refuses what is no whole export, names the line, and leaves nothing', async () => {
    const before = await threads();
    const many = Array.from({ length: 250 }, (_, i) => line(i + 1));
    const long = 'x'.repeat(200_001);
    const future = new Date(Date.now() + 3_600_000).toISOString();
    const cases: readonly (readonly [string, number, string, number])[] = [
      ['', 400, 'invalid_import', 1],
      [fileOf(line(1)), 400, 'invalid_import', 1],
      ['{"type":"thread"', 400, 'malformed_json', 1],
      [`${fileOf(HEAD, ...many)}nonsense\n`, 400, 'malformed_json', 252],
      [`${fileOf(HEAD)}\n${fileOf(line(1))}`, 400, 'malformed_json', 2],
      [fileOf({ ...HEAD, format: 2 }), 400, 'invalid_input', 1],
      [fileOf(HEAD, ...many, line(252)), 400, 'invalid_import', 252],
      [fileOf(HEAD, line(1), line(1)), 400, 'invalid_import', 3],
      [fileOf(HEAD, line(1), HEAD), 400, 'invalid_import', 3],
      [fileOf(HEAD, line(1, { role: 'narrator' })), 400, 'invalid_input', 2],
      [fileOf(HEAD, line(1, { content: long })), 400, 'invalid_input', 2],
      [fileOf(HEAD, line(1, { content: '' })), 400, 'invalid_input', 2],
      [fileOf(HEAD, line(1, { no_such_field: 1 })), 400, 'invalid_input', 2],
      [fileOf(HEAD, line(1, { tool_calls: [{ name: 'roll', arguments: '' }] })), 400, 'invalid_input', 2],
      [fileOf(HEAD, line(1, { created_at: future })), 400, 'invalid_import', 2],
      [fileOf({ ...HEAD, created_at: future }), 400, 'invalid_import', 1],
      [`${fileOf(HEAD)}{"type":"message","seq":1,"role":"user","content":"\\ud800"}`, 400, 'malformed_text', 2],
      [`${fileOf(HEAD)}{"type":"message","metadata":${'['.repeat(40)}`, 400, 'too_deep', 2],
      [fileOf({ ...HEAD, message_count: 251 }, ...many), 400, 'invalid_import', 251],
      [fileOf(HEAD, line(1, { content: 'x'.repeat(8_000), pinned: true })), 413, 'pins_over_budget', 2],
      [`${fileOf(HEAD)}{"content":"${'x'.repeat(2 * 1024 * 1024)}`, 413, 'body_too_large', 2],
    ];
    for (const [file, ...expected] of cases) expect(refused(await send(file)), file.slice(-80)).to.deep.equal(expected);
    const tooLarge = await send(
      fileOf(HEAD, ...Array.from({ length: 40 }, (_, i) => line(i + 1, { content: 'x'.repeat(90_000) }))),
    );
    expect(refused(tooLarge)).to.deep.equal([413, 'body_too_large', undefined]);
    expect(refused(await send(new Uint8Array([0x7b, 0xff, 0x0a])))).to.deep.equal([400, 'malformed_text', 1]);
    expect((await client.post('/chat/import', HEAD)).body).to.include({ status: 415, code: 'unsupported_media_type' });
    expect(await threads()).to.deep.equal(before);
    const deleted = () => server.application.container.get(tokens.reads).deletedThreads.find(new Date());
    await until(async () => (await deleted()) === undefined, 'what was staged is removed');
  });

  const messagesOf = async (id: ThreadId | undefined) =>
    id === undefined
      ? 0
      : (await server.application.container.get(tokens.conversations).messages(id, { after: 0, limit: 9 })).length;

  it('leaves nothing of a file that breaks off', async () => {
    const before = await threads();
    const gone = new AbortController();
    const pieces = new ReadableStream({
      start: (stream) =>
        stream.enqueue(Buffer.from(fileOf(HEAD, ...Array.from({ length: 450 }, (_, i) => line(i + 1))))),
    });
    const sending = fetch(`${server.url}/api/v1/chat/import`, {
      method: 'POST',
      headers: { ...NDJSON, Cookie: client.cookie ?? '' },
      body: pieces,
      duplex: 'half',
      signal: gone.signal,
    } as RequestInit);
    sending.catch(() => {});
    const { deletedThreads } = server.application.container.get(tokens.reads);
    // What is staged will count as deleted some time.
    const staged = () => deletedThreads.find(new Date(Date.now() + 3_600_000));
    await until(
      async () => (await staged()) !== undefined && (await messagesOf(await staged())) > 0,
      'a page is staged',
    );
    const id = await staged();
    gone.abort();
    await until(async () => (await staged()) === undefined, 'what was staged is removed');
    expect(await messagesOf(id)).to.equal(0);
    expect(await threads()).to.deep.equal(before);
  });
});
