/** Quotas over HTTP: who sees and changes them, what goes beyond them, and what gives back. */
import { expect } from 'chai';
import { zip } from '../../support/documents/zip.ts';
import { type Answer, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { endedJob, newSource, readThrough, upload } from '../../support/servers/uploads.ts';

const TEXT = `# Resting\n\n${'Whoever rests for eight hours in a tavern is healed, and pays for the room. '.repeat(4)}`;
const BYTES = Buffer.byteLength(TEXT);
/** Of the same length, and other bytes. */
const textOf = (letter: string) => TEXT.replace('Resting', letter.repeat('Resting'.length));

onEveryStore('HTTP: quotas', () => {
  let server: TestServer;
  let admin: Client;
  let id: string;
  before(async () => {
    server = await startTestServer({ WORKSPACES: 'multi' });
    admin = await server.admin();
  });
  after(() => server.close());
  beforeEach(async () => {
    id = (await admin.post('/workspaces', { name: 'The North' })).body.id;
  });

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
      { quota: 'sources', limit: null, used: 1, left: null },
      { quota: 'documents', limit: 3, used: 0, left: 3 },
      { quota: 'stored_bytes', limit: null, used: 0, left: null },
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
    expect(refused.headers.get('retry-after')).to.match(/^\d+$/);
    const { document } = await readThrough(admin, await addText(source, 'A'));
    expect((await addText(source, 'A')).body.document.id).to.equal(document.id);
    expect((await addText(source, 'B')).body).to.include({ code: 'quota_exceeded', quota: 'documents' });
    await admin.delete(`/documents/${document.id}`);
    await readThrough(admin, await addText(source, 'B'));
    expect(await usage()).to.deep.include({
      stored_bytes: { quota: 'stored_bytes', limit: null, used: BYTES, left: null },
    });
    await admin.delete(`/sources/${source}`);
    expect(Object.values(await usage()).map(({ used }: Json) => used)).to.deep.equal([0, 0, 0]);
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
    expect(job.error).to.match(/no room/);
    expect((await admin.get(`/sources/${source}/documents`)).body.items).to.have.length(2);
    expect((await usage()).documents).to.include({ used: 2, left: 0 });
  });
});
