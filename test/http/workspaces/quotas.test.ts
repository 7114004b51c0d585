/** Quotas over HTTP: who sees and changes them, what goes beyond them, and what gives back. */
import { expect } from 'chai';
import { type SinonFakeTimers, useFakeTimers } from 'sinon';
import { zip } from '../../support/documents/zip.ts';
import { type Answer, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { endedJob, newSource, readThrough, upload } from '../../support/servers/uploads.ts';

const TEXT = `# Resting\n\n${'Whoever rests for eight hours in a tavern is healed, and pays for the room. '.repeat(4)}`;
const BYTES = Buffer.byteLength(TEXT);
/** A language model that may be asked, and never answers: nobody listens there. */
const ABSENT_MODEL = { LLM_BASE_URL: 'http://127.0.0.1:9/v1', LLM_MODEL: 'nobody' };
/** Of the same length, and other bytes. */
const textOf = (letter: string) => TEXT.replace('Resting', letter.repeat('Resting'.length));

/** The end of the window of this length that is open. */
const resetsIn = (ms: number) => new Date((Math.floor(Date.now() / ms) + 1) * ms).toISOString();

onEveryStore('HTTP: quotas', () => {
  let server: TestServer;
  let admin: Client;
  let id: string;
  before(async () => {
    server = await startTestServer({ WORKSPACES: 'multi', ...ABSENT_MODEL });
    admin = await server.admin();
  });
  after(() => server.close());
  // No window ends between an answer and a look at the time.
  let clock: SinonFakeTimers;
  beforeEach(async () => {
    clock = useFakeTimers({ now: Date.now(), toFake: ['Date'] });
    id = (await admin.post('/workspaces', { name: 'The North' })).body.id;
  });

  afterEach(() => clock.restore());

  const usage = async (client = admin): Promise<Json> =>
    Object.fromEntries((await client.get(`/workspaces/${id}/usage`)).body.quotas.map((one: Json) => [one.quota, one]));
  const limit = (limits: Json, client = admin): Promise<Answer> => client.patch(`/workspaces/${id}/quotas`, limits);
  const addText = (source: string, letter: string) =>
    upload(admin, source, { bytes: textOf(letter), type: 'text/markdown', title: letter });

  it('show members what is used and left, without a limit at first', async () => {
    await newSource(admin, { workspace_id: id });
    const reader = await server.user('player');
    const { body } = await reader.get('/auth/me');
    await admin.post(`/workspaces/${id}/members`, { user_id: body.user.id, role: 'reader' });
    expect((await limit({ documents: 3 })).body.quotas[1]).to.deep.equal(
      await usage(reader).then((of) => of.documents),
    );
    expect(Object.values(await usage(reader))).to.deep.equal([
      { quota: 'sources', limit: null, used: 1, left: null, resets_at: null },
      { quota: 'documents', limit: 3, used: 0, left: 3, resets_at: null },
      { quota: 'stored_bytes', limit: null, used: 0, left: null, resets_at: null },
      { quota: 'asks_per_minute', limit: null, used: 0, left: null, resets_at: resetsIn(60_000) },
      { quota: 'asks_per_day', limit: null, used: 0, left: null, resets_at: resetsIn(86_400_000) },
    ]);
  });

  it('are changed by those who run the installation, and not by an owner of the workspace', async () => {
    const owner = await server.user('player');
    const { body } = await owner.get('/auth/me');
    await admin.post(`/workspaces/${id}/members`, { user_id: body.user.id, role: 'owner' });
    expect((await limit({ sources: null }, owner)).status).to.equal(403);
    expect((await limit({ sources: -1 })).status).to.equal(400);
    expect((await limit({ dragons: 1 })).status).to.equal(400);
    await limit({ sources: 2 });
    await limit({ sources: 2 });
    const audited = (await admin.get(`/admin/audit?action=workspaces.quotas&subject=workspace:${id}`)).body.items;
    const changes = audited.map(({ before, after }: Json) => [before, after]);
    expect(changes).to.deep.equal([[{ sources: null }, { sources: 2 }]]);
  });

  it('answer 429 `quota_exceeded` beyond, with what is used, and let in again what a deletion made room for', async () => {
    await limit({ sources: 1, documents: 1 });
    const source = await newSource(admin, { workspace_id: id });
    const refused = await admin.post('/sources', { title: 'One too many', workspace_id: id });
    expect(refused.status).to.equal(429);
    expect(refused.body).to.include({ code: 'quota_exceeded', quota: 'sources', limit: 1, used: 1, resets_at: null });
    expect(refused.headers.get('retry-after')).to.equal('3600');
    const { document } = await readThrough(admin, await addText(source, 'A'));
    expect((await addText(source, 'A')).body.document.id).to.equal(document.id);
    expect((await addText(source, 'B')).body).to.include({ code: 'quota_exceeded', quota: 'documents' });
    await admin.delete(`/documents/${document.id}`);
    await readThrough(admin, await addText(source, 'B'));
    expect(await usage()).to.deep.include({
      stored_bytes: { quota: 'stored_bytes', limit: null, used: BYTES, left: null, resets_at: null },
    });
    await admin.delete(`/sources/${source}`);
    expect(Object.values(await usage()).map(({ used }: Json) => used)).to.deep.equal([0, 0, 0, 0, 0]);
  });

  it('let the members ask so often in a day, and answer 429 with when they may ask again', async () => {
    await limit({ asks_per_day: 2 });
    const ask = () => admin.post('/ask', { question: 'How long does a rest take?', workspace_id: id });
    expect([(await ask()).status, (await ask()).status]).to.deep.equal([200, 200]);
    const { status, body, headers } = await ask();
    expect([status, body.code, body.quota, body.resets_at]).to.deep.equal([
      429,
      'quota_exceeded',
      'asks_per_day',
      resetsIn(86_400_000),
    ]);
    expect(Number(headers.get('retry-after'))).to.be.within(1, 86_400);
    expect((await usage()).asks_per_day).to.include({ used: 2, left: 0 });
    expect((await admin.post('/ask', { question: 'How long does a rest take?' })).status).to.equal(200);
  });

  it('count replies from the library as questions, and refuse one beyond before the model is asked (429)', async () => {
    await limit({ asks_per_day: 0 });
    const { body: thread } = await admin.post('/chat', { workspace_id: id });
    await admin.post(`/chat/${thread.id}`, { content: 'How long does a rest take?' });
    const reply = (sources: boolean) => admin.post(`/chat/${thread.id}/replies`, { sources });
    for (const _ of ['first', 'again']) expect((await reply(true)).body).to.include({ code: 'quota_exceeded' });
    expect((await reply(false)).status).to.equal(202);
  });

  it('count bytes and documents together: what has no room for one takes nothing of the other', async () => {
    await limit({ documents: 5, stored_bytes: 2 * BYTES - 1 });
    const source = await newSource(admin, { workspace_id: id });
    await readThrough(admin, await addText(source, 'A'));
    const refused = await addText(source, 'B');
    expect(refused.body).to.include({ quota: 'stored_bytes', limit: 2 * BYTES - 1, used: BYTES });
    expect((await usage()).documents).to.include({ used: 1 });
  });

  it('end the unpacking of an archive with its reason once there is no room, and keep what had some', async () => {
    await limit({ documents: 2 });
    const source = await newSource(admin, { workspace_id: id });
    const files = ['A', 'B', 'C'].map((letter) => ({ name: `${letter}.md`, content: textOf(letter) }));
    const job = await endedJob(admin, (await upload(admin, source, { bytes: zip(files) })).body.job.id);
    expect(job).to.include({ status: 'failed' });
    expect(job.error).to.match(/used up/);
    expect((await admin.get(`/sources/${source}/documents`)).body.items).to.have.length(2);
    expect((await usage()).documents).to.include({ used: 2, left: 0 });
  });
});
