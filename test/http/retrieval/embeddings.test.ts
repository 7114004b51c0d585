/** Passages found by what they mean over HTTP, by a server of embeddings; and by their words where it fails. */
import { expect } from 'chai';
import { finishBackgroundWork } from '../../support/matrix/background-work.ts';
import { answersWith, embeds, hangs, startEmbeddingServer } from '../../support/model/embedding-server.ts';
import {
  type Behaviour,
  type ModelServer,
  refusesWith,
  says,
  startModelServer,
} from '../../support/model/model-server.ts';
import {
  type Client,
  type Json,
  type Settings,
  startTestServer,
  type TestServer,
} from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { newSource, readThrough, upload } from '../../support/servers/uploads.ts';

const KEY = 'sk-embed-hunter2';
const RULES = `# Combat

## Grappling

To seize a creature, make a Strength check contested by its Dexterity check. On a success it cannot move away from you.

## Opportunity Attacks

Whoever leaves your reach provokes an attack, unless they disengage. You make it with your reaction, right before they are out of reach.
`;
/** No word of it stands there. */
const PARAPHRASE = 'wrestle monster';

type Opened = Readonly<{ embedder: ModelServer; model: ModelServer; server: TestServer; admin: Client }>;

async function open(settings: Settings = {}): Promise<Opened> {
  const [embedder, model] = [await startEmbeddingServer(), await startModelServer()];
  const server = await startTestServer({
    EMBED_BASE_URL: embedder.url,
    EMBED_MODEL: 'words-96',
    EMBED_API_KEY: KEY,
    LLM_BASE_URL: model.url,
    LLM_MODEL: 'narrator-7b',
    ...settings,
  });
  return { embedder, model, server, admin: await server.admin() };
}

async function close({ embedder, model, server }: Opened): Promise<void> {
  await server.close();
  await Promise.all([embedder.close(), model.close()]);
}

async function addRules({ admin }: Opened): Promise<void> {
  const source = await newSource(admin);
  await readThrough(admin, await upload(admin, source, { bytes: RULES, type: 'text/markdown', title: 'Rules' }));
}

async function headings({ admin }: Opened, query: string): Promise<readonly string[]> {
  const { status, body } = await admin.get(`/sources/search?query=${encodeURIComponent(query)}`);
  expect(status).to.equal(200);
  return body.passages.map((item: Json) => item.heading_path);
}

async function embeddingJobs({ admin }: Opened): Promise<readonly Json[]> {
  const { body } = await admin.get('/jobs?all=true');
  return body.items.filter(({ kind }: Json) => kind === 'embed_passages');
}

onEveryStore('HTTP: finding by what is meant', () => {
  let opened: Opened;
  before(async () => {
    opened = await open();
    await addRules(opened);
    await finishBackgroundWork(opened.server.application.container);
  });
  after(() => close(opened));

  it('finds a passage that has no word of the question, once a job has embedded it', async () => {
    expect(await headings(opened, PARAPHRASE)).to.deep.equal(['Combat > Grappling', 'Combat > Opportunity Attacks']);
    const [job] = await embeddingJobs(opened);
    expect(job).to.deep.include({ status: 'done', progress: { done: 2, total: 2, note: null }, requested_by: null });
    const asked = opened.embedder.asked.map(({ path, headers, body }) => [path, headers.authorization, body.model]);
    expect(asked).not.to.have.lengthOf(0);
    for (const one of asked) expect(one).to.deep.equal(['/v1/embeddings', `Bearer ${KEY}`, 'words-96']);
  });

  it('lets a language model answer what no word of the books says', async () => {
    const { admin, model } = opened;
    model.will(says('Make a Strength check [1].'));
    const { body } = await admin.post('/ask', { question: PARAPHRASE });
    expect(body).to.include({ answer: 'Make a Strength check [1].', written_by: 'model' });
    model.will(refusesWith(500));
    const { body: failed } = await admin.post('/ask', { question: PARAPHRASE });
    expect(failed).to.include({ answer: null, reason: 'not_in_your_books' });
  });
});

describe('HTTP: finding while the embedder fails', () => {
  let opened: Opened;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => close(opened));

  const metric = async (labels: string) => {
    const { text } = await opened.admin.get('/metrics');
    const line = text.split('\n').find((one) => one.startsWith(`tavernkeep_embeddings_total{${labels}}`));
    return Number(line?.split(' ')[1]);
  };

  const FAULTS: Readonly<Record<string, readonly [Behaviour, failure: string]>> = {
    'an error': [refusesWith(500, { error: KEY }), 'failed'],
    'too many requests': [refusesWith(429, {}, { 'Retry-After': '7' }), 'limited'],
    'a refusal': [refusesWith(401, { error: KEY }), 'rejected'],
    'something else': [answersWith('<html>'), 'malformed'],
    'no numbers': [answersWith({ data: [{ index: 0, embedding: [1, null] }] }), 'malformed'],
    'another dimension': [embeds({ dimension: 8 }), 'dimension'],
  };
  for (const [fault, [behaviour, failure]] of Object.entries(FAULTS))
    it(`finds by words where it answers ${fault}, and says so`, async () => {
      const { embedder, server } = opened;
      await addRules(opened);
      await finishBackgroundWork(server.application.container);
      embedder.will(behaviour);
      expect(await headings(opened, 'strength')).to.deep.equal(['Combat > Grappling']);
      expect(await metric(`for="question",outcome="${failure}"`)).to.equal(1);
      const lines = server.logs.filter((line) => line.includes('no embeddings'));
      expect(lines).to.have.lengthOf(1);
      expect(JSON.parse(lines[0]!)).to.include({ for: 'question', failure });
      expect(server.logs.join('\n')).not.to.include(KEY);
    });

  it('finds by words where it says nothing in time', async () => {
    await close(opened);
    opened = await open({ EMBED_TIMEOUT_MS: '50' });
    opened.embedder.will(hangs);
    await addRules(opened);
    expect(await headings(opened, 'strength')).to.deep.equal(['Combat > Grappling']);
    const outcomes = ['question', 'passages'].map((purpose) => metric(`for="${purpose}",outcome="timed_out"`));
    expect(Math.max(...(await Promise.all(outcomes)))).to.be.at.least(1);
  });

  it('finds what has no vectors by its words, and asks nothing of one that rests', async () => {
    await opened.embedder.close();
    await addRules(opened);
    expect(await headings(opened, 'strength')).to.deep.equal(['Combat > Grappling']);
    expect(await headings(opened, PARAPHRASE)).to.deep.equal([]);
    expect(await metric('for="question",outcome="resting"')).to.be.at.least(1);
    const jobs = await embeddingJobs(opened);
    expect(jobs.map(({ status }) => status)).not.to.include.members(['failed']);
  });
});
