/** The file store compared with the records: what belongs to nothing goes, and what is missing is told. */
import { expect } from 'chai';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { MemoryFiles } from '#adapters/memory/library/files.ts';
import { CheckFiles } from '#application/library/documents/check-files.ts';
import { unpackingJob } from '#application/library/documents/library-jobs.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import { aDocument } from '../../support/builders/documents.ts';
import { aSource, at, newId } from '../../support/builders/records.ts';

const HOUR = 3_600;

describe('CheckFiles', () => {
  let seconds: number;
  let database: MemoryDatabase;
  let files: MemoryFiles;
  let told: { removed: number[]; missing: DocumentId[] };
  const clock = { now: () => at(seconds) };

  beforeEach(() => {
    seconds = 0;
    database = new MemoryDatabase();
    files = new MemoryFiles({ clock });
    told = { removed: [], missing: [] };
  });

  async function written(): Promise<string> {
    const content = (async function* () {
      yield Buffer.from('a');
    })();
    return (await files.write(content, 9)).name;
  }
  const names = async () => (await files.list()).map(({ name }) => name);
  const check = (closing = new AbortController().signal) =>
    new CheckFiles({
      reads: database.reads,
      files,
      clock,
      log: {
        orphansRemoved: (count) => void told.removed.push(count),
        missing: ({ id }) => void told.missing.push(id),
      },
    }).execute(closing);

  it('removes old files that belong to nothing, and leaves those of documents, of archives and of uploads', async () => {
    const source = aSource();
    const [original, archive] = [await written(), await written(), await written(), await written()];
    const asked = { id: newId('job'), requestedBy: null, createdAt: at(0) };
    await database.unitOfWork.run(async ({ sources, documents, jobs }) => {
      await sources.add(source);
      await documents.add(aDocument(source.id, { fileName: original }));
      await jobs.add(unpackingJob({ sourceId: source.id, fileName: archive, audience: 'everyone' }, asked));
    });
    seconds = HOUR + 1;
    const fresh = await written();
    await check();
    expect(await names()).to.have.members([original, archive, fresh]);
    expect(told).to.deep.equal({ removed: [2], missing: [] });
    await check();
    expect(told.removed).to.deep.equal([2]);
  });

  it('tells of each document whose original is missing, in whatever page it is', async () => {
    const source = aSource();
    const there = await written();
    const documents = Array.from({ length: 401 }, (_, n) =>
      aDocument(source.id, { fileName: n % 200 === 0 ? `missing-${n}` : there }),
    );
    await database.unitOfWork.run(async (repos) => {
      await repos.sources.add(source);
      for (const document of documents) await repos.documents.add(document);
    });
    await check();
    expect(told.missing).to.deep.equal([0, 200, 400].map((n) => documents[n]?.id));
  });

  it('ends early where the server stops', async () => {
    for (let n = 0; n < 3; n += 1) await written();
    seconds = HOUR + 1;
    await check(AbortSignal.abort());
    expect(await names()).to.have.length(3);
  });
});
