/** Documents while a server is killed, or its disk is full: nothing by halves, and what served goes on serving. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { DocumentId } from '#domain/shared/ids.ts';
import { onBackends } from '../support/backends/backends.ts';
import { ON_LASTING_RECORDS } from '../support/backends/record-stores.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Json, sqliteSettings } from '../support/servers/server.ts';
import { SmallDisk } from '../support/servers/small-disk.ts';
import { SqlPlace } from '../support/servers/sql-place.ts';
import { newSource, readThrough, upload } from '../support/servers/uploads.ts';
import { until } from '../support/until.ts';

const SECTIONS = 4_000;
/** From the request to the kill, in milliseconds: before, during and after the reading, and while it is written. */
const KILLED_WITHIN_MS = 2_500;
const ENDED_WITHIN_MS = 60_000;

const book = (name: string) =>
  Array.from(
    { length: SECTIONS },
    (_, n) => `# ${name} ${n}\n\n${`The ${name} of number ${n} is hungry and comes at night. `.repeat(3)}\n\n`,
  ).join('');

onBackends('faults: kill -9 in the midst of readings', ON_LASTING_RECORDS, (backend) => {
  const kills = Math.ceil(rounds(20) / (backend === 'postgres' ? 4 : 1));

  it(`ends each reading with every passage once, and serves the old ones until then, in ${kills} kills`, async function () {
    this.timeout(kills * 30_000 + 2 * ENDED_WITHIN_MS);
    const place = await SqlPlace.create(backend);
    let server = await ServerProcess.start(place.settings);
    try {
      const { cookie } = await server.client().signIn(ADMIN.login, ADMIN.password);
      const client = () => Object.assign(server.client(), { cookie });
      const source = await newSource(client());
      const { document } = await readThrough(client(), await upload(client(), source, { bytes: book('aboleth') }));
      expect(document).to.include({ status: 'ready', passages: SECTIONS });
      const served = async () => (await client().get(`/documents/${document.id}/passages?limit=200`)).body.items;
      const before = await served();
      for (let kill = 0; kill < kills; kill += 1) {
        expect((await client().post(`/sources/${source}/rebuild`)).status).to.equal(202);
        await sleep(Math.random() * KILLED_WITHIN_MS);
        await server.kill();
        server = await ServerProcess.startAgain(place.settings);
        expect(await served()).to.deep.equal(before);
      }
      const isIdle = async () => {
        await sleep(200);
        const { items } = (await client().get('/jobs?limit=200&all=true')).body;
        return items.every(({ finished_at }: Json) => finished_at !== null);
      };
      await until(isIdle, 'every job has ended', ENDED_WITHIN_MS);
      expect(await served()).to.deep.equal(before);
      expect((await client().get(`/documents/${document.id}`)).body).to.include({
        status: 'ready',
        passages: SECTIONS,
      });
      await server.kill();
      const stored = await place.use((database) =>
        database.stores().reads.passages.count({ documentId: document.id as DocumentId, generation: null }),
      );
      expect(stored, 'the passages of readings that were broken off, or are old, are gone').to.equal(SECTIONS);
    } finally {
      await server.kill();
      await place.remove();
    }
  });
});

describe('faults: documents while the disk of the files is full', function () {
  this.timeout(60_000);
  let disk: SmallDisk;
  let server: ServerProcess;
  let remove: () => Promise<void>;

  beforeEach(async function () {
    disk = SmallDisk.mount() ?? this.skip();
    const place = await sqliteSettings();
    remove = place.remove;
    server = await ServerProcess.start({ ...place.settings, FILES_PATH: join(disk.folder, 'files') });
  });
  afterEach(async () => {
    await server?.kill();
    await remove?.();
    disk?.remove();
  });

  it('refuses an upload with 503, leaves nothing of it, and takes it when there is room', async () => {
    const client = await server.client().signIn(ADMIN.login, ADMIN.password);
    const source = await newSource(client);
    const { document } = await readThrough(client, await upload(client, source, { bytes: book('bulette') }));
    disk.fill();
    const bytes = book('chuul');
    const refused = await upload(client, source, { bytes });
    expect([refused.status, refused.body.code]).to.deep.equal([503, 'store_unavailable']);
    expect(readdirSync(join(disk.folder, 'files'))).to.have.length(1);
    expect((await client.get(`/documents/${document.id}/file`)).status).to.equal(200);
    disk.makeRoom();
    expect((await readThrough(client, await upload(client, source, { bytes }))).document.status).to.equal('ready');
  });
});
