/** The context of a conversation over HTTP: compaction by hand, its events, the meter. */
import { expect } from 'chai';
import { appendUntilCompaction, talk } from '../../support/builders/long-talk.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: the context of a conversation', () => {
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

  describe('POST /chat/{thread}/compact-now', () => {
    let developer: Client;
    let own: string;
    before(async () => {
      developer = await server.user('developer');
    });
    beforeEach(async () => {
      own = (await developer.post('/chat', {})).body.id;
      for (let n = 1; n <= 20; n += 1) await developer.post(`/chat/${own}`, { content: talk(n) });
    });

    it('compacts to three quarters of the usage or less with 200, and lists the event (US-REDIS-006)', async () => {
      const before = (await developer.get(`/chat/${own}/context-usage`)).body;
      const { status, body } = await developer.post(`/chat/${own}/compact-now`, {});
      expect(status).to.equal(200);
      expect(body.event).to.include({ id: 1, trigger: 'manual', before_tokens: before.approx_tokens });
      expect(body.event.by).to.equal((await developer.get('/auth/me')).body.user.id);
      expect(body.usage.approx_tokens).to.be.at.most(0.75 * before.approx_tokens);
      expect((await developer.get(`/chat/${own}/events`)).body.items).to.deep.equal([body.event]);
    });

    it('answers 200 to a dry run with what the compaction itself answers, and changes nothing', async () => {
      const look = async () => (await developer.get(`/chat/${own}`)).body;
      const before = await look();
      const dry = (await developer.post(`/chat/${own}/compact-now`, { dry_run: true })).body;
      expect(await look()).to.deep.equal(before);
      expect(dry.dry_run).to.equal(true);
      expect(dry.event.id).to.equal(null);
      const { kept, folded, condensed, stubbed } = dry.diff;
      expect(folded.length + condensed.length + stubbed.length).to.be.greaterThan(0);
      const done = (await developer.post(`/chat/${own}/compact-now`)).body;
      expect(done.usage).to.deep.equal(dry.usage);
      const timeless = ({ id: _, ts: __, strategies_used, ...rest }: Json) => ({
        ...rest,
        strategies_used: strategies_used.map((one: Json) => ({ ...one, ms: 0 })),
      });
      expect(timeless(done.event)).to.deep.equal(timeless(dry.event));
      const after = await look();
      const fresh = folded.length + condensed.length + stubbed.length;
      expect(after.entries).to.have.length(kept + fresh);
    });

    it('compacts with 200 by the requested strategies alone', async () => {
      const { body } = await developer.post(`/chat/${own}/compact-now`, { strategies: ['window'] });
      expect(body.event.strategies_used.map((one: Json) => one.name)).to.deep.equal(['window']);
      expect((await developer.get(`/chat/${own}`)).body.entries[0].kind).to.equal('summary');
    });

    it('shows of a summary what it says and stands for, and not what the next compaction reads of it', async () => {
      const shown = ['kind', 'role', 'content', 'from_seq', 'to_seq', 'tokens', 'pinned'];
      const { body } = await developer.post(`/chat/${own}/compact-now`, { strategies: ['window'], dry_run: true });
      expect(body.diff.folded[0].entry).to.have.all.keys(shown);
      await developer.post(`/chat/${own}/compact-now`, { strategies: ['window'] });
      expect((await developer.get(`/chat/${own}`)).body.entries[0]).to.have.all.keys(shown);
    });

    it('answers 409 `nothing_to_compact` when there is nothing to gain, and adds no event', async () => {
      const empty = (await developer.post('/chat', {})).body.id;
      await developer.post(`/chat/${empty}`, { content: 'Short.' });
      const { status, body } = await developer.post(`/chat/${empty}/compact-now`, {});
      expect([status, body.code]).to.deep.equal([409, 'nothing_to_compact']);
      expect((await developer.get(`/chat/${empty}/events`)).body.items).to.deep.equal([]);
    });

    it('answers 400 to an unknown strategy, to one given twice, and to an empty list', async () => {
      for (const strategies of [['forget'], ['drop', 'drop'], []]) {
        expect((await developer.post(`/chat/${own}/compact-now`, { strategies })).status).to.equal(400);
      }
    });

    it('answers 403 `permission_missing` without `chat.compact`, even for an unknown thread', async () => {
      const answer = await client.post('/chat/thr_1/compact-now', {});
      expect(answer.body).to.include({ status: 403, code: 'permission_missing', permission: 'chat.compact' });
    });
  });

  describe('compactions in the worker', () => {
    let large: TestServer;
    before(async () => {
      large = await startTestServer({ CTX_MAX_TOKENS: '200000' });
    });
    after(() => large.close());

    it('answers 503 `compaction_busy` with Retry-After to a flood of dry runs, and 200 to those before', async () => {
      const developer = await large.user('developer');
      const { id } = (await developer.post('/chat', {})).body;
      const text = Array.from({ length: 900 }, (_, n) => talk(n))
        .join(' ')
        .slice(0, 150_000);
      for (let n = 0; n < 2; n += 1) await developer.post(`/chat/${id}`, { content: `${n} ${text}` });
      const rehearse = () => developer.post(`/chat/${id}/compact-now`, { dry_run: true });
      const answers = await Promise.all(Array.from({ length: 12 }, rehearse));
      expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200, 503]));
      const refused = answers.find(({ status }) => status === 503);
      expect(refused?.body.code).to.equal('compaction_busy');
      expect(refused?.headers.get('retry-after')).to.match(/^[1-9]\d*$/u);
      expect((await rehearse()).status).to.equal(200);
    });
  });

  describe('GET /chat/{thread}/events', () => {
    it('answers 200 with the events newest first, after a given id, and in pages', async () => {
      for (let i = 0; i < 3; i += 1) await appendUntilCompaction(client, thread);
      const ids = async (query: string) => {
        const { body } = await client.get(`/chat/${thread}/events?${query}`);
        return { ids: body.items.map((one: Json) => one.id), next: body.next_cursor };
      };
      expect((await ids('')).ids).to.deep.equal([3, 2, 1]);
      expect((await ids('after=1')).ids).to.deep.equal([3, 2]);
      const first = await ids('limit=2');
      expect(first.ids).to.deep.equal([3, 2]);
      expect(await ids(`limit=2&cursor=${first.next}`)).to.deep.equal({ ids: [1], next: null });
    });
  });

  describe('the meter', () => {
    it('rises with text by the formula, and reads the same everywhere (US-REDIS-004)', async () => {
      const { body } = await client.post(`/chat/${thread}`, { content: 'x'.repeat(4 * 2_200) });
      expect(body.usage).to.include({ usage_pct: 55, next_compact_at_pct: 80, target_pct: 60, max_tokens: 4_000 });
      expect((await client.get(`/chat/${thread}/context-usage`)).body).to.deep.equal(body.usage);
      expect((await client.get(`/chat/${thread}`)).body.usage).to.deep.equal(body.usage);
    });
  });
});
