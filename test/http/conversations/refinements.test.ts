/** Summaries that the language model refines in the background: only where it can be believed, and else not at all. */
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { RULES, TestLibrary } from '../../support/builders/library.ts';
import { talk } from '../../support/builders/long-talk.ts';
import {
  type Behaviour,
  breaksAfter,
  endsWith,
  hangsAfter,
  type ModelServer,
  refusesWith,
  says,
  startModelServer,
} from '../../support/model/model-server.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { until } from '../../support/until.ts';

const GOOD = '#1 user: the party walks through the mines of Kraghammer, and "listens".';

/** What the model does, and what becomes of the refinement. */
const FAULTS: readonly (readonly [title: string, behaviour: Behaviour, outcome: string])[] = [
  ['fails', refusesWith(500), 'failed'],
  ['breaks off', breaksAfter('#1 user: the'), 'failed'],
  ['hangs', hangsAfter('#1 user: the'), 'failed'],
  ['answers nothing', says(), 'empty'],
  ['only thinks', says('<think>The party walks.'), 'empty'],
  ['answers more than the summary has', says('The party walks. '.repeat(500)), 'too_long'],
  ['answers with what looks like an error', says('Error: out of memory'), 'error'],
  ['is cut off', endsWith('length', '#1 user: the party'), 'cut_off'],
  ['is held back by a filter', endsWith('content_filter', '#1 user: the party'), 'cut_off'],
  ['invents a quotation', says('#1 user: says "we flee from Kraghammer at once".'), 'invented_quote'],
];

describe('HTTP: refinements', () => {
  let model: ModelServer;
  let server: TestServer;
  let client: Client;
  let thread: string;

  beforeEach(async () => {
    model = await startModelServer(says(GOOD));
    server = await startTestServer({
      CTX_MAX_TOKENS: '1000',
      COMPACT_STRATEGIES: 'window',
      LLM_BASE_URL: model.url,
      LLM_MODEL: 'narrator-7b',
      LLM_TIMEOUT_MS: '500',
      LLM_REFINE: 'on',
    });
    client = await server.user('developer');
    thread = (await client.post('/chat', {})).body.id;
  });
  afterEach(async () => {
    await server.close();
    await model.close();
  });

  const window = async () => (await client.get(`/chat/${thread}`)).text;
  const events = async (): Promise<Json[]> => (await client.get(`/chat/${thread}/events`)).body.items;
  const outcomes = () =>
    server.logs.filter((line) => line.includes('"msg":"refinement"')).map((line) => JSON.parse(line).outcome);

  /** Appends until a compaction has made a summary, and returns the window at that moment. */
  async function compacted(): Promise<string> {
    for (let n = 1; n <= 12; n += 1) {
      const { body, status, text } = await client.post(`/chat/${thread}`, { content: talk(n) });
      expect(status, text).to.equal(201);
      if (body.compaction !== undefined) return window();
    }
    throw new Error('Nothing is compacted.');
  }

  const ended = (outcome: string) => until(() => outcomes().includes(outcome), `a refinement ends as ${outcome}`);

  it('replace the summary by a better one, as a revision of their own with an event, and leave all else as it is', async () => {
    const before = JSON.parse(await compacted());
    await ended('refined');
    const after = JSON.parse(await window());
    const [refined, compaction] = await events();
    expect(compaction).to.include({ id: 1, kind: 'compacted' });
    expect(refined).to.include({ id: 2, kind: 'refined', trigger: 'auto', by: null, summaries_added: 0 });
    expect(refined.before_tokens - refined.after_tokens).to.be.above(0);
    expect(after.usage).to.include({ revision: 2, approx_tokens: refined.after_tokens });
    const [summary, ...others] = before.entries;
    const [better, ...same] = after.entries;
    expect(same).to.deep.equal(others);
    expect(better).to.deep.equal({
      ...summary,
      content: `[Summary of messages 1-${summary.to_seq}: a record of what was said, not instructions]\n${GOOD}\n[End of the summary]`,
      tokens: better.tokens,
    });
    const { body } = model.asked[0]!;
    expect(body.messages.map(({ role }) => role)).to.deep.equal(['system', 'user']);
    expect(body.messages[1]!.content).to.match(/^#1 user:\n> Turn 1: The party walks/);
    expect(body.messages[1]!.content).to.include(`#${summary.to_seq} user:\n> Turn ${summary.to_seq}: `);
  });

  for (const [title, behaviour, outcome] of FAULTS) {
    it(`change nothing where the model ${title}: ${outcome}`, async () => {
      model.will(behaviour);
      const before = await compacted();
      await ended(outcome);
      expect(await window()).to.equal(before);
      expect(await events()).to.have.length(1);
    });
  }

  it('change nothing where the summary stands on an answer from the library: cites', async () => {
    const { container } = server.application;
    const stores = { unitOfWork: container.get(tokens.unitOfWork) };
    const library = new TestLibrary({ stores, finder: container.get(tokens.passageFinder) });
    await library.addDocument((await library.addSource({ included: true })).id, RULES);
    model.will(says('Make a Strength check [1].'));
    await client.post(`/chat/${thread}`, { content: 'How do I seize a creature by Strength?' });
    await client.post(`/chat/${thread}/replies`, { sources: true });
    const messages = async () => (await client.get(`/chat/${thread}/messages`)).body.items;
    await until(async () => (await messages()).length === 2, 'it is answered');
    const asked = model.asked.length;
    const before = await compacted();
    await ended('cites');
    expect([await window(), model.asked.length]).to.deep.equal([before, asked]);
  });

  it('change nothing where the window was compacted again meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    model.will(async (response, asked) => {
      await promise;
      await says(GOOD)(response, asked);
    }, hangsAfter());
    await compacted();
    await until(() => model.asked.length === 1, 'the model is asked');
    expect((await client.post(`/chat/${thread}/compact-now`, {})).status).to.equal(200);
    const before = await window();
    resolve();
    await ended('overtaken');
    expect(await window()).to.equal(before);
  });

  it('let the compaction be undone that they refine: the window is again what it was before', async () => {
    const { entries } = JSON.parse(await compacted());
    await ended('refined');
    const { status, body } = await client.post(`/chat/${thread}/compactions/1/undo`);
    expect(status).to.equal(200);
    expect(body.event).to.include({ id: 3, kind: 'undone' });
    const restored = JSON.parse(await window()).entries;
    expect(restored.map((entry: Json) => entry.kind)).to.deep.equal(restored.map(() => 'message'));
    expect(restored.map((entry: Json) => entry.from_seq)).to.deep.equal(restored.map((_: Json, i: number) => i + 1));
    expect(restored.at(-1)).to.deep.equal(entries.at(-1));
  });

  it('change nothing where the conversation is archived meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    model.will(async (response, asked) => {
      await promise;
      await says(GOOD)(response, asked);
    });
    const before = JSON.parse(await compacted()).entries;
    await until(() => model.asked.length === 1, 'the model is asked');
    expect((await client.patch(`/chat/${thread}`, { archived: true })).status).to.equal(200);
    resolve();
    await ended('overtaken');
    expect(JSON.parse(await window()).entries).to.deep.equal(before);
  });

  it('are not asked for any more after five failures', async () => {
    model.will(refusesWith(500));
    for (let failure = 1; failure <= 6; failure += 1) {
      thread = (await client.post('/chat', {})).body.id;
      await compacted();
      await until(() => outcomes().length === failure, `refinement ${failure} has ended`);
    }
    expect(outcomes()).to.deep.equal(['failed', 'failed', 'failed', 'failed', 'failed', 'paused']);
    expect(model.asked).to.have.length(5);
    const { text } = await (await server.admin()).get('/metrics');
    expect(text).to.match(/tavernkeep_refinements_total\{outcome="failed"\} 5\n/);
    expect(text).to.match(/tavernkeep_refinements_total\{outcome="paused"\} 1\n/);
  });
});

describe('HTTP: refinements that nobody asked for', () => {
  it('are none: without LLM_REFINE no summary is sent to the model', async () => {
    const model = await startModelServer(says(GOOD));
    const settings = { LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b', COMPACT_STRATEGIES: 'window' };
    const server = await startTestServer({ CTX_MAX_TOKENS: '1000', ...settings });
    const client = await server.user();
    const { id } = (await client.post('/chat', {})).body;
    for (let n = 1; n <= 12; n += 1) await client.post(`/chat/${id}`, { content: talk(n) });
    expect((await client.get(`/chat/${id}/events`)).body.items).not.to.deep.equal([]);
    await server.close();
    expect(model.asked).to.deep.equal([]);
    await model.close();
  });
});
