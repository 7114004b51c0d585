/** What is said in a conversation over HTTP: appended, compacted on the way, and read. */
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { appendUntilCompaction } from '../../support/builders/long-talk.ts';
import { aMessage, aThread } from '../../support/builders/records.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: messages', () => {
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

  describe('POST /chat/{thread}', () => {
    it('answers 201 with the message as it was given, its number, and the usage after it', async () => {
      const given = {
        role: 'assistant',
        content: 'Roll for it',
        name: 'MATT',
        metadata: { mood: 'grim' },
        tool_calls: [{ id: 'c1', name: 'roll', arguments: '{"d":20}' }],
      };
      const { status, body } = await client.post(`/chat/${thread}`, given);
      expect(status).to.equal(201);
      expect(body.message).to.deep.include({ ...given, seq: 1, pinned: false });
      const size = given.content.length + JSON.stringify(given.tool_calls).length;
      expect(body.usage).to.include({ message_count: 1, entry_count: 1, approx_tokens: Math.floor(size / 4) });
      expect((await client.get(`/chat/${thread}/messages/1`)).body).to.deep.equal(body.message);
    });

    it('names the thread after its first user message, cut at a word', async () => {
      await client.post(`/chat/${thread}`, { role: 'assistant', content: 'Welcome!' });
      await client.post(`/chat/${thread}`, {
        content: 'We would like to travel to the dwarven city of Kraghammer today',
      });
      const { body } = await client.get(`/chat/${thread}`);
      expect(body.thread.title).to.equal('We would like to travel to the dwarven city of');
    });

    it('keeps any well-formed text byte for byte', async () => {
      const content = ' \t\r\nline\u2028 👩‍👩‍👧‍👦 e\u0301 龍 \u200f<script>alert(1)</script>\u0001 ';
      await client.post(`/chat/${thread}`, { content });
      expect((await client.get(`/chat/${thread}/messages/1`)).body.content).to.equal(content);
    });

    it('compacts by itself at the trigger, down to the target, and answers with the event (US-REDIS-005)', async () => {
      const { message, usage, compaction } = await appendUntilCompaction(client, thread);
      expect(compaction).to.include({ id: 1, kind: 'compacted', trigger: 'auto', by: null });
      expect(compaction.before_tokens).to.be.at.least(0.795 * 4_000);
      expect(usage.usage_pct).to.be.at.most(60);
      expect(compaction.after_tokens).to.equal(usage.approx_tokens);
      expect(usage).to.include({ revision: 1, compaction_pending: false, message_count: message.seq });
      const { entries } = (await client.get(`/chat/${thread}`)).body;
      expect(entries.at(-1)).to.include({ kind: 'message', content: message.content });
      expect((await client.get(`/chat/${thread}/events`)).body.items).to.deep.equal([compaction]);
    });

    it('keeps a pinned message verbatim through compactions', async () => {
      const content = 'Remember: the password of the gate is "mellon", said on the third day.';
      const pinned = await client.post(`/chat/${thread}`, { content, pinned: true });
      expect(pinned.body.message.pinned).to.equal(true);
      await appendUntilCompaction(client, thread);
      const { entries } = (await client.get(`/chat/${thread}`)).body;
      expect(entries.filter((one: Json) => one.pinned)).to.have.length(1);
      expect(entries.find((one: Json) => one.pinned)).to.include({ kind: 'message', content, from_seq: 1 });
    });

    it('says which part of a message is refused, and why', async () => {
      const faults = async (message: object) => {
        const { errors, detail } = (await client.post(`/chat/${thread}`, message)).body;
        const said = errors.map((one: Json) => `${one.path}: ${one.message}`);
        expect(detail).to.equal(said.join('; '));
        return said;
      };
      const tool_calls = [{ id: 'call_1', name: 'roll', arguments: '{}' }];
      expect(await faults({ content: '' })).to.deep.equal([
        'body.content: must not be empty, unless there are tool_calls',
      ]);
      expect(await faults({ content: 'I roll.', tool_calls })).to.deep.equal([
        'body.tool_calls: only an assistant message has them',
      ]);
      expect(await faults({ content: 'I roll.', metadata: { note: 'x'.repeat(8_192) } })).to.deep.equal([
        'body.metadata: must be at most 8 KiB as JSON',
      ]);
    });

    it('answers 413 `pins_over_budget` with advice to a pin over the share of pins, and changes nothing', async () => {
      const pin = (tokens: number) => client.post(`/chat/${thread}`, { content: 'p'.repeat(4 * tokens), pinned: true });
      expect((await pin(700)).status).to.equal(201);
      const before = (await client.get(`/chat/${thread}`)).body;
      const { status, body } = await pin(600);
      expect([status, body.code]).to.deep.equal([413, 'pins_over_budget']);
      expect(body.advice.length).to.be.greaterThan(0);
      expect((await client.get(`/chat/${thread}`)).body).to.deep.equal(before);
    });

    it('refuses a message that cannot fit with 413 `context_budget_unreachable` and advice; nothing changes (US-REDIS-007)', async () => {
      await client.post(`/chat/${thread}`, { content: 'x'.repeat(4 * 500), pinned: true });
      await appendUntilCompaction(client, thread);
      const look = () =>
        Promise.all(['', '/messages', '/events', '/context-usage'].map((path) => client.get(`/chat/${thread}${path}`)));
      const before = (await look()).map(({ body }) => body);
      const { status, body } = await client.post(`/chat/${thread}`, { content: 'y'.repeat(4 * 2_200) });
      expect([status, body.code]).to.deep.equal([413, 'context_budget_unreachable']);
      expect(body).to.include({ limit: 4_000 });
      expect(body.floor).to.include({ system: 0, pinned: 500, message: 2_200 });
      const texts = body.advice.map((one: Json) => one.text);
      expect(texts).to.include('unpin message 1 (DELETE /chat/{thread}/messages/{seq}/pin): 500 tokens');
      expect(texts.join()).to.contain('two parts');
      expect((await look()).map((one) => one.body)).to.deep.equal(before);
      const line = server.logs.map((one) => JSON.parse(one)).find(({ code }) => code === body.code);
      expect(line.sizes).to.deep.equal({
        used: body.used,
        limit: 4_000,
        target: body.target,
        floor: body.floor,
        tried: [],
      });
    });

    it('leaves room for the next ordinary message (201) after one that is just small enough to fit (201)', async () => {
      for (const content of ['z'.repeat(4 * 3_100), 'word '.repeat(2_400), '龍'.repeat(9_000)]) {
        const own = (await client.post('/chat', {})).body.id;
        expect((await client.post(`/chat/${own}`, { content })).status).to.equal(201);
        const next = await client.post(`/chat/${own}`, { content: 'And what does Grog say to that? '.repeat(8) });
        expect(next.status, next.text).to.equal(201);
        expect(next.body.usage.usage_pct).to.be.below(80);
      }
    });

    for (const [fault, body] of [
      ['a message without content', {}],
      ['empty content', { content: '' }],
      ['empty content with an empty list of tool calls', { role: 'assistant', content: '', tool_calls: [] }],
      ['content that is not text', { content: 7 }],
      ['content over the limit', { content: 'x'.repeat(200_001) }],
      ['an unknown role', { role: 'wizard', content: 'x' }],
      ['an unknown field', { content: 'x', author_id: 'me' }],
      ['tool calls of a user', { content: 'x', tool_calls: [{ name: 'a', arguments: '{}' }] }],
      [
        'tool calls that, as JSON, take the message over the limit',
        {
          role: 'assistant',
          content: 'x'.repeat(100_000),
          tool_calls: [{ name: 'a', arguments: 'y'.repeat(100_000) }],
        },
      ],
      ['metadata over 8 KiB', { content: 'x', metadata: { a: 'x'.repeat(9_000) } }],
      ['metadata over 8 KiB in UTF-8', { content: 'x', metadata: { a: 'é'.repeat(5_000) } }],
      ['metadata that is a list', { content: 'x', metadata: [] }],
      ['a pin that is not a boolean', { content: 'x', pinned: 'yes' }],
    ] as const) {
      it(`answers 400 invalid_input to ${fault}, and appends nothing`, async () => {
        const answer = await client.post(`/chat/${thread}`, body);
        expect(answer.body).to.include({ status: 400, code: 'invalid_input' });
        expect(answer.body.errors).to.have.length.greaterThan(0);
        expect((await client.get(`/chat/${thread}/context-usage`)).body.message_count).to.equal(0);
      });
    }
  });

  describe('GET /chat/{thread}/messages', () => {
    beforeEach(async () => {
      for (let n = 1; n <= 7; n += 1) await client.post(`/chat/${thread}`, { content: `m${n}` });
    });
    const seqs = async (query: string) => {
      const { body } = await client.get(`/chat/${thread}/messages?${query}`);
      return { seqs: body.items.map((one: Json) => one.seq), next: body.next_cursor };
    };

    it('answers 200 with the newest page, the one before a `seq` or the one after it, each in order', async () => {
      expect((await seqs('limit=3')).seqs).to.deep.equal([5, 6, 7]);
      expect((await seqs('limit=3&before=5')).seqs).to.deep.equal([2, 3, 4]);
      expect((await seqs('limit=3&after=2')).seqs).to.deep.equal([3, 4, 5]);
      expect(await seqs('after=7')).to.deep.equal({ seqs: [], next: null });
    });

    /** Every page from a beginning, until no cursor goes on. */
    async function pages(start: string, more: string): Promise<number[][]> {
      const read: number[][] = [];
      for (let page = await seqs(start); ; page = await seqs(`${more}&cursor=${page.next}`)) {
        read.push(page.seqs);
        if (page.next === null) return read;
      }
    }

    it('reads the whole transcript by its cursors, in both directions, and ends with the last message', async () => {
      expect(await pages('limit=3', 'limit=3')).to.deep.equal([[5, 6, 7], [2, 3, 4], [1]]);
      expect(await pages('limit=3&after=0', 'limit=3')).to.deep.equal([[1, 2, 3], [4, 5, 6], [7]]);
      // A page that is full and ends at the end has nothing after it.
      expect(await pages('limit=7', 'limit=7')).to.deep.equal([[1, 2, 3, 4, 5, 6, 7]]);
      expect(await pages('limit=7&after=0', 'limit=7')).to.deep.equal([[1, 2, 3, 4, 5, 6, 7]]);
      expect(await pages('limit=3&before=4', 'limit=3')).to.deep.equal([[1, 2, 3]]);
      expect(await pages('limit=3&after=4', 'limit=3')).to.deep.equal([[5, 6, 7]]);
    });

    it('ends a page at 1 MiB of text, and goes on by its cursor', async () => {
      const owner = (await client.get('/auth/me')).body.user.id;
      const conversations = server.application.container.get(tokens.conversations);
      const long = aThread(owner);
      await server.application.container.get(tokens.unitOfWork).run(({ threads }) => threads.add(long));
      for (let n = 0; n < 12; n += 1) {
        const guard = { ifVersion: long.version, sizeBelow: 10_000_000, maxEntries: 100, estimator: long.estimator };
        await conversations.append(aMessage(long.id, { content: 'é'.repeat(100_000) }), guard, null);
      }
      thread = long.id;
      const expected = [
        [8, 9, 10, 11, 12],
        [3, 4, 5, 6, 7],
        [1, 2],
      ];
      expect(await pages('limit=200', 'limit=200')).to.deep.equal(expected);
      expect((await pages('after=0', 'limit=200')).map(({ length }) => length)).to.deep.equal([5, 5, 2]);
    });

    it('answers 400 to `before` and `after` together', async () => {
      expect((await client.get(`/chat/${thread}/messages?before=5&after=1`)).status).to.equal(400);
    });

    it('answers 404 `message_not_found` for an unknown message and a malformed number', async () => {
      for (const seq of ['0', '8', '-1', 'x', '1.5', '9007199254740993']) {
        expect((await client.get(`/chat/${thread}/messages/${seq}`)).body).to.include({
          status: 404,
          code: 'message_not_found',
        });
      }
    });
  });
});
