/** Vectors of passages on every store: which are due, and what is found by them, of what the reader may read. */
import { expect } from 'chai';
import type { VectorSpace } from '#application/retrieval/embedding/ports.ts';
import type { Document } from '#domain/library/document.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES } from '../../support/backends/record-stores.ts';
import { searchedStores } from '../../support/backends/searched-stores.ts';
import { RULES, type Section, TestLibrary } from '../../support/builders/library.ts';
import { vectorOf } from '../../support/model/embedding-server.ts';

const SPACE: VectorSpace = { model: 'words', dimension: 64 };
/** No word of it stands in the rules, but for one of them by its meaning. */
const PARAPHRASE = 'wrestle monster';
const GRAPPLING = RULES[0]![1];
const SECRETS: readonly Section[] = Array.from({ length: 30 }, (_, n) => [
  `Secrets > Room ${n}`,
  `Wrestle the monster, grab the beast ${n}.`,
]);

contract('Vectors of passages', ON_RECORD_STORES, searchedStores, (harness) => {
  let library: TestLibrary;
  let reader: UserId;
  let rules: SourceId;

  beforeEach(async () => {
    library = new TestLibrary(harness());
    reader = await library.addUser();
    rules = (await library.addSource({ title: 'Rules', included: true })).id;
  });

  const vector = (text: string, { dimension }: VectorSpace) => Float32Array.from(vectorOf(text, dimension));
  const due = (space = SPACE, limit = 100) => harness().stores.reads.passageVectors.findDue(space, limit);
  const countDue = (space = SPACE) => harness().stores.reads.passageVectors.countDue(space);

  async function embed(space = SPACE, limit = 2): Promise<void> {
    for (let some = await due(space, limit); some !== undefined; some = await due(space, limit)) {
      const batch = some;
      const vectors = new Map(batch.passages.map(({ ordinal, text }) => [ordinal, vector(text, space)]));
      await harness().stores.unitOfWork.run(({ passageVectors }) => passageVectors.add(space, batch, vectors));
    }
  }
  function find(question: string, { space = SPACE, fusion = 'minmax' as 'minmax' | 'rrf', ...fields } = {}) {
    const meaning = { model: space.model, vector: vector(question, space), fusion };
    return library.find(reader, question, { meaning, ...fields });
  }
  const texts = async (...asked: Parameters<typeof find>) => (await find(...asked)).passages.map(({ text }) => text);
  const remove = async ({ id: documentId }: Document, generation: number | null) => {
    const page = () =>
      harness().stores.unitOfWork.run(({ passages }) => passages.removePage({ documentId, generation }, 2));
    while ((await page()) > 0);
  };

  it('are due for what serves, in the order of reading, until there are some for all of it', async () => {
    expect(await due()).to.equal(undefined);
    const { document } = await library.addDocument(rules, RULES);
    const passages = RULES.map(([headingPath, text], at) => ({ ordinal: at + 1, headingPath, text }));
    const of = { documentId: document.id, generation: document.generation };
    expect(await due(SPACE, 2)).to.deep.equal({ ...of, passages: passages.slice(0, 2) });
    expect(await countDue()).to.equal(3);
    const first = { ...of, passages: passages.slice(0, 2) };
    await harness().stores.unitOfWork.run(({ passageVectors }) => passageVectors.add(SPACE, first, new Map()));
    expect(await due(), 'those without a vector are not due again').to.deep.equal({
      ...of,
      passages: passages.slice(2),
    });
    expect(await countDue()).to.equal(1);
    await embed();
    expect([await due(), await countDue()]).to.deep.equal([undefined, 0]);
    await library.read(document, RULES, 2);
    expect(await countDue(), 'a generation that does not serve').to.equal(0);
    await library.save({ ...document, generation: 2 });
    expect(await countDue()).to.equal(3);
  });

  it('find what has no word of the question, also while others have none yet', async () => {
    await library.addDocument(rules, RULES);
    expect(await texts(PARAPHRASE)).to.deep.equal([]);
    await embed();
    expect((await texts(PARAPHRASE))[0]).to.equal(GRAPPLING);
    const found = await find(PARAPHRASE, { fusion: 'rrf' });
    expect([found.passages[0]?.text, found.byMeaning]).to.deep.equal([GRAPPLING, true]);
    await library.addDocument(rules, [['Ships', 'A galleon sails the sea.']]);
    expect(await texts('galleon')).to.include('A galleon sails the sea.');
  });

  it('leave a section first whose heading is exactly what is asked for', async () => {
    await library.addDocument(rules, [
      ['Prone', 'It crawls.'],
      ['Index', 'Prone, supine and flat: lying prone.'],
    ]);
    await embed();
    expect(await texts('prone')).to.deep.equal(['It crawls.', 'Prone, supine and flat: lying prone.']);
  });

  it('are not compared with those of another model or dimension, which are due again and then go', async () => {
    await library.addDocument(rules, RULES);
    await embed();
    for (const space of [
      { ...SPACE, model: 'other' },
      { ...SPACE, dimension: 32 },
    ]) {
      expect(await texts(PARAPHRASE, { space })).to.deep.equal([]);
      expect(await countDue(space)).to.equal(3);
    }
    const other = { model: 'other', dimension: 32 };
    await embed(other);
    expect((await texts(PARAPHRASE, { space: other }))[0]).to.equal(GRAPPLING);
    expect(await texts(PARAPHRASE)).to.deep.equal([]);
    expect(await countDue()).to.equal(3);
  });

  it('of books that the reader may not read change nothing of what is found, by either fusion', async () => {
    await library.addDocument(rules, RULES);
    await embed();
    const questions = [PARAPHRASE, 'seize a creature', 'flat on the ground', 'prone'];
    const ask = (fusion: 'minmax' | 'rrf') => Promise.all(questions.map((question) => find(question, { fusion })));
    const before = [await ask('minmax'), await ask('rrf')];
    const secret = await library.addSource({ title: 'Secrets' });
    await library.addDocument(secret.id, SECRETS);
    await library.addDocument(rules, SECRETS, { audience: 'gm' });
    await embed();
    expect([await ask('minmax'), await ask('rrf')]).to.deep.equal(before);
    await library.license(secret.id, reader);
    expect(await ask('minmax')).not.to.deep.equal(before[0]);
    await library.license(secret.id, reader, { revokedAt: new Date(0) });
    expect([await ask('minmax'), await ask('rrf')]).to.deep.equal(before);
  });

  it('serve with their generation, and go with it', async () => {
    const { document } = await library.addDocument(rules, RULES);
    await embed();
    await library.read(document, [['Combat', 'Grab the beast.']], 2);
    await library.save({ ...document, generation: 2 });
    expect(await texts(PARAPHRASE), 'it has none yet').to.deep.equal([]);
    await embed();
    await remove(document, 1);
    expect(await texts(PARAPHRASE)).to.deep.equal(['Grab the beast.']);
    const gone = (await due({ ...SPACE, model: 'third' }))!;
    await harness().stores.unitOfWork.run(({ documents }) => documents.remove(document.id));
    await remove(document, null);
    await harness().stores.unitOfWork.run(({ passageVectors }) => passageVectors.add(SPACE, gone, new Map()));
    const next = await library.addDocument(rules, [['Ships', 'A galleon sails the sea.']]);
    expect(await texts(PARAPHRASE), 'nothing of what was there before').to.deep.equal([]);
    expect(await due()).to.deep.include({ documentId: next.document.id });
  });

  it('are not there where the unit of work fails that adds them', async () => {
    await library.addDocument(rules, RULES);
    const batch = (await due())!;
    const failing = harness().stores.unitOfWork.run(async ({ passageVectors }) => {
      await passageVectors.add(SPACE, batch, new Map([[1, vector(GRAPPLING, SPACE)]]));
      throw new Error('no');
    });
    expect(((await failing.catch((error: unknown) => error)) as Error).message).to.equal('no');
    expect(await countDue()).to.equal(3);
    expect(await texts(PARAPHRASE)).to.deep.equal([]);
  });
});
