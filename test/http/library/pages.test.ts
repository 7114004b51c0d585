/** Documents that are fetched from an address. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { PageFetcher } from '#adapters/web-pages/page-fetcher.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { zip } from '../../support/documents/zip.ts';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { endedJob, newSource } from '../../support/servers/uploads.ts';
import { until } from '../../support/until.ts';

const PAGE = `<html><head><title>Rules</title></head><body><h1>Resting</h1>
<p>${'Whoever rests for eight hours in a tavern is healed, and pays for the room. '.repeat(4)}</p></body></html>`;

onEveryStore('HTTP: documents from an address', () => {
  let [server, closed]: TestServer[] = [];
  let admin: Client;
  let web: Server;
  let listener: RequestListener;

  before(async () => {
    web = createServer((request, response) => listener(request, response)).listen(0, '127.0.0.1');
    await once(web, 'listening');
    server = await startTestServer({ URL_INGEST: 'on' });
    closed = await startTestServer();
    admin = await server.admin();
    // The tests' own page stands for one on the internet; every other address of this host does not.
    const own = { resolve: async () => [{ address: '127.0.0.1', family: 4 }], isPublic: () => true };
    const [real, tests] = [new PageFetcher(), new PageFetcher(own)];
    const isOwn = (url: string) => url.startsWith('http://books.example');
    Object.assign(server.application.container.get(tokens.webPages), {
      check: (url: string) => (isOwn(url) ? tests : real).check(url),
      fetch: (url: string, signal: AbortSignal) => (isOwn(url) ? tests : real).fetch(url, signal),
    });
  });
  after(async () => {
    web.close();
    await server?.close();
    await closed?.close();
  });
  beforeEach(() => {
    listener = (_, response) => response.setHeader('content-type', 'text/html').end(PAGE);
  });

  const at = (path: string) => `http://books.example:${(web.address() as AddressInfo).port}${path}`;
  const add = (source: string, fields: Json, client = admin) => client.post(`/sources/${source}/documents`, fields);

  /** The documents of a source once what the job has asked for is done, too. */
  async function documentsOf(source: string): Promise<readonly Json[]> {
    for (;;) {
      const { items } = (await admin.get(`/sources/${source}/documents`)).body;
      if (items.every(({ status }: Json) => status === 'ready')) return items;
    }
  }

  it('become documents with the name of the page, and are read as those that were sent', async () => {
    const source = await newSource(admin);
    const added = await add(source, { url: at('/rules/resting.html'), audience: 'gm' });
    expect([added.status, added.body.document]).to.deep.equal([202, null]);
    const job = await endedJob(admin, added.body.job.id);
    expect(job).to.deep.include({ kind: 'fetch_page', status: 'done', error: null });
    const [document] = await documentsOf(source);
    expect(document).to.include({ title: 'resting.html', kind: 'html', audience: 'gm', passages: 1 });
    const { items } = (await admin.get(`/documents/${document!.id}/passages`)).body;
    expect(items[0].text).to.match(/^Whoever rests/);
    expect((await admin.get(`/documents/${document!.id}/file`)).text).to.equal(PAGE);
  });

  it('are the same document where the same bytes come again, under the first title', async () => {
    const source = await newSource(admin);
    for (const title of ['First', 'Second'])
      await endedJob(admin, (await add(source, { url: at(`/${title}`), title })).body.job.id);
    expect((await documentsOf(source)).map(({ title }) => title)).to.deep.equal(['First']);
  });

  it('are taken apart where they are archives', async () => {
    listener = (_, response) =>
      response.end(
        zip([
          { name: 'one.md', content: '# One\n\nA rule.' },
          { name: 'two.md', content: '# Two\n\nAnother.' },
        ]),
      );
    const source = await newSource(admin);
    await endedJob(admin, (await add(source, { url: at('/all.zip') })).body.job.id);
    await until(async () => (await documentsOf(source)).length === 2, 'both files are documents');
    expect((await documentsOf(source)).map(({ title }) => title)).to.have.members(['one', 'two']);
  });

  it('end their job with the reason where nothing can be read, and leave nothing', async () => {
    const refusals: readonly (readonly [RequestListener, RegExp])[] = [
      [(_, response) => response.writeHead(404).end(), /nothing to be had/],
      [(_, response) => response.setHeader('content-type', 'image/png').end('PNG'), /no type that can be read/],
      [(_, response) => response.setHeader('content-type', 'text/plain').end(), /empty/],
      [(_, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), /too many times|public/],
    ];
    const source = await newSource(admin);
    for (const [answer, reason] of refusals.slice(0, 3)) {
      listener = answer;
      const job = await endedJob(admin, (await add(source, { url: at('/') })).body.job.id);
      expect(job.status).to.equal('failed');
      expect(job.error).to.match(reason);
    }
    expect((await admin.get(`/sources/${source}/documents`)).body.items).to.deep.equal([]);
  });

  it('are refused at once where the address is not public, and by the job where only its name leads there', async () => {
    const source = await newSource(admin);
    for (const host of ['127.0.0.1', '2130706433', '0x7f000001', '[::1]', '[::ffff:10.0.0.1]', '169.254.169.254'])
      expect((await add(source, { url: `http://${host}/` })).body, host).to.include({
        status: 422,
        code: 'url_refused',
      });
    for (const url of ['file:///etc/passwd', 'books', 'http://ann:secret@books.test/'])
      expect((await add(source, { url })).body.code, url).to.equal('url_refused');
    const job = await endedJob(admin, (await add(source, { url: 'http://localhost/' })).body.job.id);
    expect([job.status, job.error]).to.deep.equal([
      'failed',
      'The address is not one of the public internet. Send the file itself.',
    ]);
  });

  it('are one job for one address, and need either a text or an address', async () => {
    listener = () => {};
    const source = await newSource(admin);
    const [one, two] = [await add(source, { url: at('/slow') }), await add(source, { url: at('/slow') })];
    expect(one.body.job.id).to.equal(two.body.job.id);
    await admin.post(`/jobs/${one.body.job.id}/cancel`);
    expect((await endedJob(admin, one.body.job.id)).status).to.equal('canceled');
    for (const fields of [{}, { title: 'Neither' }, { text: 'Both.', url: at('/') }])
      expect((await add(source, fields)).status).to.equal(400);
  });

  it('are refused with 409 where the installation fetches nothing', async () => {
    const other = await closed!.admin();
    const source = await newSource(other);
    expect((await add(source, { url: at('/') }, other)).body).to.include({ status: 409, code: 'url_ingest_off' });
  });
});
