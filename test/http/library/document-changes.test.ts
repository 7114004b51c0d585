/** What becomes of documents over HTTP: who sees them, the same bytes again, changes, rebuilds and deletions. */
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { type Answer, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { endedJob, newSource, readThrough, upload } from '../../support/servers/uploads.ts';
import { until } from '../../support/until.ts';

const RACERS = 8;

const book = (name: string) => `# ${name}\n\n${`The ${name} is many and hungry and comes at night. `.repeat(4)}`;

onEveryStore('HTTP: what becomes of documents', () => {
  let server: TestServer;
  let [admin, player, gm]: Client[] = [];
  let source: string;
  const as = (client: Client | undefined) => client as Client;
  before(async () => {
    server = await startTestServer();
    [admin, player, gm] = [await server.admin(), await server.user('player'), await server.user('gm')];
    await as(gm).post('/games', { name: 'Below' });
  });
  after(() => server.close());
  beforeEach(async () => {
    source = await newSource(as(admin));
  });

  const read = async (bytes: string, audience = 'everyone') =>
    (await readThrough(as(admin), await upload(as(admin), source, { bytes, audience }))).document;
  const grant = async (client: Client | undefined, more: object = {}) =>
    as(admin).put(`/sources/${source}/access/${(await as(client).get('/auth/me')).body.user.id}`, {
      type: 'alacarte',
      ...more,
    });
  const shown = ({ status, body }: Answer) => [status, body?.code];
  const fileNames = async () => (await server.application.container.get(tokens.files).list()).map(({ name }) => name);

  it('is seen by whoever has a licence now, from it to its end, and by nobody else', async () => {
    const { id } = await read(book('aboleth'));
    const paths = ['', '/passages', '/file'].map((end) => `/documents/${id}${end}`);
    const expectHidden = async () => {
      for (const path of paths)
        expect(shown(await as(player).get(path)), path).to.deep.equal([404, 'document_not_found']);
      expect(shown(await as(player).get(`/sources/${source}/documents`))).to.deep.equal([404, 'source_not_found']);
    };
    await expectHidden();
    await grant(player);
    for (const path of paths) expect((await as(player).get(path)).status, path).to.equal(200);
    expect((await as(player).get(`/sources/${source}/documents`)).body.items).to.have.length(1);
    const { id: userId } = (await as(player).get('/auth/me')).body.user;
    await as(admin).delete(`/sources/${source}/access/${userId}`);
    await expectHidden();
    await as(admin).change(`/sources/${source}`, { included: true });
    for (const path of paths) expect((await as(player).get(path)).status, path).to.equal(200);
  });

  it('is seen by GMs alone where it is for them, from the next request on', async () => {
    await as(admin).change(`/sources/${source}`, { included: true });
    const { id } = await read(book('secret'), 'gm');
    expect((await as(gm).get(`/documents/${id}`)).status).to.equal(200);
    expect(shown(await as(player).get(`/documents/${id}`))).to.deep.equal([404, 'document_not_found']);
    expect((await as(player).get(`/sources/${source}/documents`)).body.items).to.deep.equal([]);
    const changed = await as(admin).change(`/documents/${id}`, { audience: 'everyone', title: 'No secret' });
    expect(changed.body).to.include({ audience: 'everyone', title: 'No secret', status: 'ready' });
    expect((await as(player).get(`/documents/${id}`)).body.title).to.equal('No secret');
  });

  it('is one document for the same bytes, also where they come at once', async () => {
    const before = (await fileNames()).length;
    const bytes = book('bulette');
    const answers = await Promise.all(Array.from({ length: RACERS }, () => upload(as(admin), source, { bytes })));
    for (const { status, text } of answers) expect(status, text).to.be.oneOf([200, 202]);
    expect(new Set(answers.map(({ body }) => body.document.id)).size).to.equal(1);
    const jobs = new Set(answers.flatMap(({ body }) => (body.job === null ? [] : [body.job.id])));
    expect(jobs.size).to.equal(1);
    expect((await endedJob(as(admin), [...jobs][0]!)).status).to.equal('done');
    expect((await as(admin).get(`/sources/${source}/documents`)).body.items).to.have.length(1);
    expect((await fileNames()).length).to.equal(before + 1);
    const again = await upload(as(admin), source, { bytes, title: 'Another' });
    expect([again.status, again.body.job, again.body.document.title]).to.deep.equal([200, null, 'Bestiary']);
    const elsewhere = await upload(as(admin), await newSource(as(admin)), { bytes });
    expect(elsewhere.body.document.id).not.to.equal(again.body.document.id);
  });

  it('is read again where the same bytes come after a failure', async () => {
    const failed = await read('<?xml version="1.0"?><!DOCTYPE a><a>b</a>');
    const again = await upload(as(admin), source, { bytes: '<?xml version="1.0"?><!DOCTYPE a><a>b</a>' });
    expect(again.status).to.equal(202);
    expect(again.body.document).to.include({ id: failed.id, status: 'queued', error: null });
    expect((await endedJob(as(admin), again.body.job.id)).status).to.equal('failed');
  });

  it('has the same passages after a rebuild, by the same ids, and the old ones are gone', async () => {
    const { id } = await read(book('wyvern'));
    const passages = async () => (await as(admin).get(`/documents/${id}/passages`)).body.items;
    const before = await passages();
    const rebuilt = await as(admin).post(`/sources/${source}/rebuild`);
    expect(rebuilt.status).to.equal(202);
    expect((await endedJob(as(admin), rebuilt.body.job.id)).status).to.equal('done');
    const count = () =>
      server.application.container.get(tokens.reads).passages.count({ documentId: id, generation: null });
    const isRead = async () => (await as(admin).get(`/documents/${id}`)).body.status === 'ready';
    await until(async () => (await isRead()) && (await count()) === before.length, 'the old passages are gone');
    expect(await passages()).to.deep.equal(before);
  });

  it('is gone at once when it is deleted, and its passages and its file behind that', async () => {
    const { id } = await read(book('basilisk'));
    const before = await fileNames();
    expect((await as(admin).delete(`/documents/${id}`)).status).to.equal(204);
    for (const path of ['', '/passages', '/file'])
      expect(shown(await as(admin).get(`/documents/${id}${path}`))).to.deep.equal([404, 'document_not_found']);
    expect(shown(await as(admin).delete(`/documents/${id}`))).to.deep.equal([404, 'document_not_found']);
    const { passages } = server.application.container.get(tokens.reads);
    await until(async () => (await passages.count({ documentId: id, generation: null })) === 0, 'no passage is left');
    await until(async () => (await fileNames()).length === before.length - 1, 'the file is gone');
    const again = await read(book('basilisk'));
    expect(again).to.include({ status: 'ready' });
    expect(again.id).not.to.equal(id);
  });

  it('goes with its source, with everything', async () => {
    const before = (await fileNames()).length;
    const made = [await read(book('chuul')), await read(book('darkmantle'))];
    expect((await as(admin).delete(`/sources/${source}`)).status).to.equal(204);
    for (const { id } of made)
      expect(shown(await as(admin).get(`/documents/${id}`))).to.deep.equal([404, 'document_not_found']);
    expect(shown(await as(admin).get(`/sources/${source}/documents`))).to.deep.equal([404, 'source_not_found']);
    const { passages } = server.application.container.get(tokens.reads);
    for (const { id } of made)
      await until(async () => (await passages.count({ documentId: id, generation: null })) === 0, 'none is left');
    await until(async () => (await fileNames()).length === before, 'the files are gone');
  });

  it('serves its passages without its original, which is answered with 410, and cannot be read anew', async () => {
    const { id } = await read(book('ettin'));
    const name = (await server.application.container.get(tokens.reads).documents.find(id))?.fileName as string;
    await server.application.container.get(tokens.files).remove(name);
    expect(shown(await as(admin).get(`/documents/${id}/file`))).to.deep.equal([410, 'file_missing']);
    await endedJob(as(admin), (await as(admin).post(`/sources/${source}/rebuild`)).body.job.id);
    await until(async () => (await as(admin).get(`/documents/${id}`)).body.status === 'failed', 'the reading fails');
    expect((await as(admin).get(`/documents/${id}`)).body.error).to.match(/not in the file store/);
    expect((await as(admin).get(`/documents/${id}/passages`)).body.items).to.have.length(1);
  });

  it('has a name in downloads that is safe, whatever its title is', async () => {
    const { id } = await read(book('fury'));
    const titles = ['../../etc/passwd', 'a"; filename="b.exe', 'Ä\u202Eexe.md', 'a\r\nSet-Cookie: b', '🐉'];
    for (const title of titles) {
      await as(admin).change(`/documents/${id}`, { title });
      const header = (await as(admin).get(`/documents/${id}/file`)).headers.get('content-disposition') ?? '';
      expect(header, title).to.match(/^attachment; filename="doc_[0-9a-z-]+\.md"; filename\*=UTF-8''[\w.!~%-]+\.md$/);
      expect(decodeURIComponent(header.split("''")[1] ?? ''), title).not.to.match(/[/\\\r\n]/);
    }
  });
});
