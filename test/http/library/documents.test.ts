/** Documents over HTTP, from their upload to their passages. */
import { expect } from 'chai';
import { docx, docxParagraph } from '../../support/documents/docx.ts';
import { pdf } from '../../support/documents/pdf.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { newSource, readThrough, upload } from '../../support/servers/uploads.ts';

const MARKDOWN = `# Monsters

## Aboleth

${'The aboleth lurks in the deep, older than the gods, and remembers all that it has eaten. '.repeat(3)}

## Bulette

${'The bulette, which some call a land shark, burrows through the earth to find its prey. '.repeat(3)}
`;

onEveryStore('HTTP: documents', () => {
  let server: TestServer;
  let admin: Client;
  before(async () => {
    server = await startTestServer();
    admin = await server.admin();
  });
  after(() => server.close());

  it('are read from the bytes that come, and found again as passages and as the same bytes', async () => {
    const source = await newSource(admin);
    const added = await upload(admin, source, {
      bytes: MARKDOWN,
      type: 'text/markdown',
      title: 'Monsters of the deep',
    });
    expect(added.status).to.equal(202);
    expect(added.body.document).to.include({ source_id: source, kind: 'markdown', status: 'queued', passages: 0 });
    const { document, job } = await readThrough(admin, added);
    expect(job).to.deep.include({ status: 'done', progress: { done: 2, total: 2, note: null } });
    expect(document).to.include({
      status: 'ready',
      passages: 2,
      pages: null,
      error: null,
      title: 'Monsters of the deep',
    });
    expect((await admin.get(`/sources/${source}/documents`)).body.items).to.deep.equal([document]);
    const first = (await admin.get(`/documents/${document.id}/passages?limit=1`)).body;
    const rest = (await admin.get(`/documents/${document.id}/passages?limit=1&cursor=${first.next_cursor}`)).body;
    expect([...first.items, ...rest.items].map((passage) => [passage.ordinal, passage.heading_path])).to.deep.equal([
      [1, 'Monsters > Aboleth'],
      [2, 'Monsters > Bulette'],
    ]);
    expect(rest.next_cursor).to.equal(null);
    const file = await admin.get(`/documents/${document.id}/file`);
    expect(file.text).to.equal(MARKDOWN);
    expect(Object.fromEntries(file.headers)).to.include({
      'content-type': 'text/markdown',
      'content-length': String(Buffer.byteLength(MARKDOWN)),
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': `attachment; filename="${document.id}.md"; filename*=UTF-8''Monsters%20of%20the%20deep.md`,
    });
  });

  it('are of the kind that their first bytes say, whatever their type claims', async () => {
    const source = await newSource(admin);
    const page = [{ x: 72, y: 80, size: 11, text: `The dragon sleeps ${'on its hoard '.repeat(8)}` }];
    const book = pdf({ pages: [[], page], labels: [{ from: 0, style: 'r' }] });
    const read = await readThrough(admin, await upload(admin, source, { bytes: book, type: 'text/plain' }));
    expect(read.document).to.include({ kind: 'pdf', pages: 2, passages: 1, status: 'ready' });
    expect(read.job.progress.note).to.equal('page 1 has no text: scanned?');
    const [passage] = (await admin.get(`/documents/${read.document.id}/passages`)).body.items;
    expect(passage).to.include({ page: 2, page_label: 'ii' });
    const letter = docx(docxParagraph(`A letter ${'to the queen '.repeat(10)}`));
    const other = await readThrough(admin, await upload(admin, source, { bytes: letter, type: 'application/pdf' }));
    expect(other.document).to.include({ kind: 'docx', status: 'ready', passages: 1 });
  });

  it('may be a text in JSON', async () => {
    const source = await newSource(admin);
    const body = { text: MARKDOWN, title: 'Notes', audience: 'gm' };
    const { document } = await readThrough(admin, await admin.post(`/sources/${source}/documents`, body));
    expect(document).to.include({ title: 'Notes', audience: 'gm', kind: 'markdown', passages: 2 });
    const unknown = await admin.post(`/sources/${source}/documents`, { text: 'Beasts', path: '/etc/passwd' });
    expect([unknown.status, unknown.body.code]).to.deep.equal([400, 'invalid_input']);
  });
});
