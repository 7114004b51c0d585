/** Finding passages on every store: the best ones, of what the reader may read, as if there were no others. */
import { expect } from 'chai';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES } from '../../support/backends/record-stores.ts';
import { searchedStores } from '../../support/backends/searched-stores.ts';
import { aPassage } from '../../support/builders/documents.ts';
import { RULES, readerOf, type Section, TestLibrary } from '../../support/builders/library.ts';

const SECTIONS: readonly Section[] = [
  ...RULES,
  ['Équipement > Épée longue', 'Une épée longue coûte quinze pièces d’or.'],
  ['怪物 > 龙', '红龙会喷火，害怕寒冷。'],
];
/** Words of the rules, often, in a book that not everybody may read. */
const OTHER: readonly Section[] = Array.from({ length: 40 }, (_, n) => [
  `Secrets > Room ${n}`,
  `A creature with Strength waits in room ${n} and does seize whoever leaves; a contested check, prone, advantage.`,
]);

contract('PassageFinder', ON_RECORD_STORES, searchedStores, (harness) => {
  let library: TestLibrary;
  let reader: UserId;
  let rules: SourceId;

  beforeEach(async () => {
    library = new TestLibrary(harness());
    reader = await library.addUser();
    rules = (await library.addSource({ title: 'Rules', included: true })).id;
  });

  const addRules = () => library.addDocument(rules, SECTIONS);

  it('finds what a question is about, in other forms of its words, with everything by which it is cited', async () => {
    const { document, passages } = await addRules();
    const { passages: found } = await library.find(reader, 'How do I seize creatures by strength?');
    const [headingPath, text] = SECTIONS[0]!;
    const where = { documentId: document.id, headingPath, pageLabel: 'xii', timeCode: '00:12:05' };
    expect(found[0]).to.deep.equal({ id: passages[0]!.id, source: { id: rules, title: 'Rules' }, text, ...where });
  });

  it('finds a section by exactly its heading or path first, and names within a question before others', async () => {
    const often = 'Prone, prone, prone: grappling, grappling, grappling, and opportunity attacks.';
    await library.addDocument(rules, [['Index', often], ...SECTIONS]);
    expect((await library.findTexts(reader, 'prone'))[0]).to.equal(SECTIONS[2]![1]);
    expect((await library.findTexts(reader, 'What is grappling?'))[0]).to.equal(SECTIONS[0]![1]);
    expect((await library.findTexts(reader, 'Combat > Opportunity Attacks'))[0]).to.equal(SECTIONS[1]![1]);
  });

  it('finds words without their accents, and words of scripts without spaces', async () => {
    await addRules();
    expect(await library.findTexts(reader, 'epee longue')).to.deep.equal([SECTIONS[3]![1]]);
    expect(await library.findTexts(reader, '红龙')).to.deep.equal([SECTIONS[4]![1]]);
  });

  it('finds nothing where there is nothing to look for, and where nothing has it', async () => {
    expect((await library.find(reader, 'prone')).passages).to.deep.equal([]);
    await addRules();
    for (const question of ['', '?!', 'the of and', 'spaceship', "'; DROP TABLE passages; --", '"=prone'])
      expect((await library.findTexts(reader, question)).length, question).to.equal(question === '"=prone' ? 1 : 0);
  });

  it('finds as if there were no book that the reader may not read', async () => {
    const questions = [
      'seize a creature by strength',
      'prone',
      'contested check',
      'leaves reach',
      'advantage in a room',
    ];
    await addRules();
    const ask = (question: string) => library.find(reader, question);
    const before = await Promise.all(questions.map(ask));
    const secret = await library.addSource({ title: 'Secrets' });
    await library.addDocument(secret.id, OTHER);
    expect(await Promise.all(questions.map(ask))).to.deep.equal(before);
    await library.license(secret.id, reader);
    expect(await Promise.all(questions.map(ask))).not.to.deep.equal(before);
  });

  it('finds what is for GMs for them alone', async () => {
    await library.addDocument(rules, OTHER, { audience: 'gm' });
    expect(await library.findTexts(reader, 'room')).to.deep.equal([]);
    expect(await library.findTexts(reader, 'room', { changesIn: [HOME_ID] })).to.have.lengthOf(8);
  });

  it('finds in some sources where they are named, and nothing in those that are not there for the reader', async () => {
    await addRules();
    const [open, secret] = [await library.addSource({ included: true }), await library.addSource()];
    await library.addDocument(open.id, [['House rules', 'Prone creatures stand up for free.']]);
    await library.addDocument(secret.id, OTHER);
    const sourceIds = [open.id, secret.id];
    expect(await library.findTexts(reader, 'prone', { sourceIds })).to.deep.equal([
      'Prone creatures stand up for free.',
    ]);
    expect(await library.findTexts(reader, 'prone', { sourceIds: [] })).to.deep.equal([]);
  });

  it('finds the generation that serves, from the moment on at which it does', async () => {
    const { document, passages } = await addRules();
    const newer: Section = ['Combat > Grappling', 'Seize it: it has a saving throw.'];
    const before = await library.find(reader, 'seize a prone creature');
    const [passage] = await library.read(document, [newer], 2);
    expect(await library.find(reader, 'seize a prone creature'), 'it changes no order').to.deep.equal(before);
    expect(await library.findTexts(reader, 'saving throw')).to.deep.equal([]);
    await library.save({ ...document, generation: 2 });
    expect(await library.findTexts(reader, 'seize it')).to.deep.equal([newer[1]]);
    const { reads } = harness().stores;
    expect(await reads.passages.findReadable(passages[0]!.id, readerOf(reader))).to.equal(undefined);
    expect((await reads.passages.findReadable(passage!.id, readerOf(reader)))?.text).to.equal(newer[1]);
  });

  it('finds nothing of a document that is gone, also while its passages are removed in pages', async () => {
    const { document, passages } = await addRules();
    const { unitOfWork, reads } = harness().stores;
    const kept = await library.addDocument(rules, [['Resting', 'A prone sleeper rests.']]);
    await unitOfWork.run((repos) => repos.documents.remove(document.id));
    const only = ['A prone sleeper rests.'];
    const of = { documentId: document.id, generation: null };
    for (let left = 1; left > 0; ) {
      expect(await library.findTexts(reader, 'prone creature strength')).to.deep.equal(only);
      left = await unitOfWork.run((repos) => repos.passages.removePage(of, 2));
    }
    expect(await reads.passages.findReadable(passages[0]!.id, readerOf(reader))).to.equal(undefined);
    expect((await reads.passages.findReadable(kept.passages[0]!.id, readerOf(reader)))?.text).to.equal(only[0]);
  });

  it('finds passages of a reading that left some out', async () => {
    const { document } = await library.addDocument(rules, []);
    const far = [7, 5_000].map((ordinal) =>
      aPassage(document, { ordinal, headingPath: `Place ${ordinal}`, text: `It is prone at ${ordinal}.` }),
    );
    await harness().stores.unitOfWork.run((repos) => repos.passages.add(far));
    expect(await library.findTexts(reader, 'prone')).to.deep.equal(['It is prone at 7.', 'It is prone at 5000.']);
  });

  it('shows at most two passages of one section, and no text of a source twice', async () => {
    const section = [1, 2, 3, 4].map((n): Section => ['Traps', `The trap number ${n} is a pit.`]);
    await library.addDocument(rules, section);
    await library.addDocument(rules, [['Traps', 'The trap number 1 is a pit.']]);
    expect(await library.findTexts(reader, 'trap')).to.deep.equal(section.slice(0, 2).map(([, text]) => text));
  });

  it('shows a passage to whoever may read it, and to nobody else', async () => {
    const secret = await library.addSource();
    const { passages } = await library.addDocument(secret.id, OTHER.slice(0, 1));
    const { reads } = harness().stores;
    const open = () => reads.passages.findReadable(passages[0]!.id, readerOf(reader));
    expect(await open()).to.equal(undefined);
    await library.license(secret.id, reader);
    const { passages: found } = await library.find(reader, 'secrets');
    expect(await open()).to.deep.equal(found[0]);
  });
});
