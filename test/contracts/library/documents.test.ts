/** What every store of documents and of their passages promises. */
import { expect } from 'chai';
import type { DocumentCursor } from '#application/library/documents/ports.ts';
import type { PageRequest } from '#application/shared/page.ts';
import type { Document } from '#domain/library/document.ts';
import type { Passage } from '#domain/library/passage.ts';
import type { Source } from '#domain/library/source.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES, recordStores } from '../../support/backends/record-stores.ts';
import { aDocument, aPassage } from '../../support/builders/documents.ts';
import { aSource, at, aUser } from '../../support/builders/records.ts';
import { failureOf } from '../../support/reporting/refusals.ts';

contract('Documents and Passages', ON_RECORD_STORES, recordStores, (stores) => {
  let source: Source;
  const add = (...documents: readonly Document[]) =>
    stores().unitOfWork.run(async (repos) => {
      for (const document of documents) await repos.documents.add(document);
    });
  const addPassages = (...passages: readonly Passage[]) =>
    stores().unitOfWork.run((repos) => repos.passages.add(passages));
  const found = (id: Document['id']) => stores().reads.documents.find(id);

  beforeEach(async () => {
    source = aSource();
    await stores().unitOfWork.run(({ sources }) => sources.add(source));
  });

  it('returns every field of a document as it was added, and as it was saved later', async () => {
    const user = aUser();
    await stores().unitOfWork.run(({ users }) => users.add(user));
    const full = aDocument(source.id, { createdBy: user.id, error: 'No.' });
    const bare = aDocument(source.id, { pages: null });
    await add(full, bare);
    expect(await found(full.id)).to.deep.equal(full);
    expect(await found(bare.id)).to.deep.equal(bare);
    const changes = { title: 'Changed', audience: 'gm', status: 'failed', pages: 2, passages: 0, error: null } as const;
    const changed = { ...full, ...changes, generation: 4, lastGeneration: 5, deduplicated: true };
    await stores().unitOfWork.run(({ documents }) => documents.save(changed));
    expect(await found(full.id)).to.deep.equal(changed);
    expect(await found(bare.id)).to.deep.equal(bare);
  });

  it('has one document for the same bytes in a source, and others in other sources', async () => {
    const [other, document] = [aSource(), aDocument(source.id)];
    await stores().unitOfWork.run(({ sources }) => sources.add(other));
    await add(document, aDocument(other.id, { sha256: document.sha256 }));
    expect(await failureOf(add(aDocument(source.id, { sha256: document.sha256 })))).to.be.instanceOf(Error);
    expect(await stores().reads.documents.findBySha256(source.id, document.sha256)).to.deep.equal(document);
    expect(await stores().reads.documents.findBySha256(source.id, 'another')).to.equal(undefined);
  });

  it('adds no document to a source that does not exist', async () => {
    expect(await failureOf(add(aDocument(aSource().id)))).to.be.instanceOf(Error);
  });

  it('lists the documents of a source newest first, in pages without gaps or duplicates', async () => {
    const made = [at(1), at(3), at(2), at(2)].map((createdAt) => aDocument(source.id, { createdAt }));
    const other = aSource();
    await stores().unitOfWork.run(({ sources }) => sources.add(other));
    await add(...made, aDocument(other.id));
    const listed: Document[] = [];
    let page: PageRequest<DocumentCursor> | null = { limit: 2 };
    while (page !== null) {
      const { items, next } = await stores().reads.documents.list(source.id, page);
      listed.push(...items);
      page = next === null ? null : { limit: 2, cursor: next };
    }
    expect(listed).to.deep.equal([made[1], made[3], made[2], made[0]]);
  });

  it('lists all documents by their ids, and knows the names of their files', async () => {
    const made = [aDocument(source.id), aDocument(source.id), aDocument(source.id)];
    await add(...made.toReversed());
    const first = await stores().reads.documents.listAll({ limit: 2 });
    const rest = await stores().reads.documents.listAll({ limit: 2, cursor: first.next! });
    expect([...first.items, ...rest.items]).to.deep.equal(made);
    expect(rest.next).to.equal(null);
    const names = [made[0]!.fileName, 'unknown', made[2]!.fileName];
    expect(await stores().reads.documents.findFileNames(names)).to.have.members([names[0], names[2]]);
    expect(await stores().reads.documents.findFileNames([])).to.deep.equal([]);
  });

  it('counts documents by kind and status', async () => {
    expect(await stores().reads.documents.countAll()).to.deep.equal([]);
    const given = [{}, { status: 'failed' }, { kind: 'csv' }, { status: 'failed' }] as const;
    await add(...given.map((fields) => aDocument(source.id, fields)));
    expect(await stores().reads.documents.countAll()).to.deep.equal([
      { kind: 'csv', status: 'ready', count: 1 },
      { kind: 'pdf', status: 'failed', count: 2 },
      { kind: 'pdf', status: 'ready', count: 1 },
    ]);
  });

  it('removes the documents of a source with it, and those of a user no more than their name', async () => {
    const [user, other] = [aUser(), aSource()];
    const mine = aDocument(source.id, { createdBy: user.id });
    const others = aDocument(other.id, { createdBy: user.id });
    await stores().unitOfWork.run(async ({ users, sources }) => {
      await users.add(user);
      await sources.add(other);
    });
    await add(mine, others);
    await stores().unitOfWork.run(({ users }) => users.remove(user.id));
    expect(await found(mine.id)).to.deep.equal({ ...mine, createdBy: null });
    await stores().unitOfWork.run(({ sources }) => sources.remove(source.id));
    expect(await found(mine.id)).to.equal(undefined);
    expect(await found(others.id)).to.deep.equal({ ...others, createdBy: null });
  });

  it('returns every field of passages, in pages in reading order, each generation by itself', async () => {
    const document = aDocument(source.id);
    await add(document);
    const bare = { page: null, pageLabel: null, timeCode: null, headingPath: '' };
    const old = [aPassage(document), aPassage(document, { ordinal: 2, ...bare }), aPassage(document, { ordinal: 3 })];
    const fresh = [aPassage(document, { generation: 2 })];
    await addPassages(...old);
    await addPassages(...fresh);
    const first = await stores().reads.passages.list({ documentId: document.id, generation: 1 }, { limit: 2 });
    expect(first).to.deep.equal({ items: old.slice(0, 2), next: 2 });
    const next = { limit: 2, cursor: first.next! };
    const rest = await stores().reads.passages.list({ documentId: document.id, generation: 1 }, next);
    expect(rest).to.deep.equal({ items: old.slice(2), next: null });
    const served = await stores().reads.passages.list({ documentId: document.id, generation: 2 }, { limit: 9 });
    expect(served.items).to.deep.equal(fresh);
  });

  it('has one passage in a place, and no part of a page that was refused', async () => {
    const document = aDocument(source.id);
    await add(document);
    await addPassages(aPassage(document, { ordinal: 2 }));
    const again = addPassages(aPassage(document, { ordinal: 1 }), aPassage(document, { ordinal: 2 }));
    expect(await failureOf(again)).to.be.instanceOf(Error);
    expect(await stores().reads.passages.count({ documentId: document.id, generation: null })).to.equal(1);
  });

  it('removes passages in pages, of one generation or of all, also where the document is gone', async () => {
    const [document, other] = [aDocument(source.id), aDocument(source.id)];
    await add(document, other);
    const of = (generation: number | null) => ({ documentId: document.id, generation });
    const three = (generation: number) =>
      [1, 2, 3].map((ordinal) => aPassage(document, { generation, ordinal, text: `${generation}.${ordinal}` }));
    await addPassages(...three(1), ...three(2), aPassage(other));
    const remove = (generation: number | null, limit: number) =>
      stores().unitOfWork.run(({ passages }) => passages.removePage(of(generation), limit));
    expect(await remove(1, 2)).to.equal(2);
    expect(await remove(1, 2)).to.equal(1);
    expect(await remove(1, 2)).to.equal(0);
    expect(await stores().reads.passages.count(of(2))).to.equal(3);
    await stores().unitOfWork.run(({ documents }) => documents.remove(document.id));
    expect(await remove(null, 9)).to.equal(3);
    expect(await stores().reads.passages.count({ documentId: other.id, generation: null })).to.equal(1);
  });
});
