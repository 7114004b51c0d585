/** What every search over transcripts promises, whether its index has a message already or not. */
import { expect } from 'chai';
import fc from 'fast-check';
import { CANDIDATES_MAX } from '#application/conversations/search/search-page.ts';
import type { SearchCursor } from '#application/conversations/search/transcript-search.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { contract } from '../../support/backends/backends.ts';
import { ON_RECORD_STORES } from '../../support/backends/record-stores.ts';
import { searchedStores } from '../../support/backends/searched-stores.ts';
import { aMessage, aRevision, at } from '../../support/builders/records.ts';
import { placesOf, seqsOf, Talk } from '../../support/builders/searching.ts';
import { anAppendGuard, aRevisionChange } from '../../support/builders/window-changes.ts';

contract('TranscriptSearch', ON_RECORD_STORES, searchedStores, (harness) => {
  let talk: Talk;
  let me: UserId;
  beforeEach(async () => {
    talk = new Talk(harness());
    me = await talk.user();
  });

  /** Each promise holds of what is indexed, and of what is not yet. */
  const bothWays = (title: string, promise: (indexed: () => Promise<void>) => Promise<void>) => {
    it(`${title}, once it is indexed`, () => promise(() => harness().index()));
    it(`${title}, before it is indexed`, () => promise(async () => {}));
  };

  bothWays('finds messages by whole words, whatever their case and accents', async (indexed) => {
    const thread = await talk.thread(me, ['The ÉLISE sails.', 'Elises.', 'the elise sank']);
    await indexed();
    expect(seqsOf(await talk.find(me, '"Élise"')).toSorted()).to.deep.equal([1, 3]);
    const [hit] = (await talk.find(me, 'sails')).items;
    expect(hit).to.deep.equal({
      threadId: thread,
      seq: 1,
      role: 'user',
      snippet: { text: 'The ÉLISE sails.', highlights: [{ start: 10, end: 15 }] },
      inWindow: true,
    });
  });

  bothWays('finds words of languages without spaces, and those with endings', async (indexed) => {
    await talk.thread(me, [
      '我们打开了黑暗之门。',
      'カギは竜のそばにある',
      '드래곤이 왔다',
      'Ёлка стояла',
      'Die Straße',
    ]);
    await indexed();
    const found = async (query: string) => seqsOf(await talk.find(me, query));
    expect(await found('黑暗')).to.deep.equal([1]);
    expect(await found('门')).to.deep.equal([1]);
    expect(await found('竜のそば')).to.deep.equal([2]);
    expect(await found('드래곤')).to.deep.equal([3]);
    expect(await found('елка')).to.deep.equal([4]);
    expect(await found('STRASSE')).to.deep.equal([5]);
    expect(await found('暗黑')).to.deep.equal([]);
  });

  bothWays('asks for all words, for phrases word by word, and takes the last word for a beginning', async (indexed) => {
    await talk.thread(me, ['old man of the sea', 'the man is old', 'the dragonborn', 'costs 1,250 gold']);
    await indexed();
    const found = async (query: string) => seqsOf(await talk.find(me, query)).toSorted();
    expect(await found('man old')).to.deep.equal([1, 2]);
    expect(await found('"old man"')).to.deep.equal([1]);
    expect(await found('dragon')).to.deep.equal([3]);
    expect(await found('"dragon"')).to.deep.equal([]);
    expect(await found('drag the')).to.deep.equal([1, 2, 3]);
    expect(await found('1,250')).to.deep.equal([4]);
    expect(await found('250,1')).to.deep.equal([]);
  });

  bothWays('tells those with some of the words where none has all, and says so', async (indexed) => {
    await talk.thread(me, ['a dwarf', 'an elf', 'nobody']);
    await indexed();
    const page = await talk.find(me, 'dwarf elf');
    expect(page.mode).to.equal('any');
    expect(seqsOf(page)).to.deep.equal([2, 1]);
    expect((await talk.find(me, 'dwarf')).mode).to.equal('all');
  });

  bothWays('ranks what has more of the words first, and the newest first where that is equal', async (indexed) => {
    await talk.thread(me, ['a key here', 'key key key', 'a key here', 'a key in a very long sentence of many words']);
    await indexed();
    expect(seqsOf(await talk.find(me, 'key'))).to.deep.equal([2, 3, 1, 4]);
  });

  bothWays('finds what tools were called with', async (indexed) => {
    const thread = await talk.thread(me, []);
    const { conversations } = harness().stores;
    const toolCalls = [{ name: 'roll', arguments: '{"dice":"2d6"}' }];
    await conversations.append(
      aMessage(thread, { role: 'assistant', content: '', toolCalls, authorId: me }),
      anAppendGuard,
      null,
    );
    await indexed();
    expect(seqsOf(await talk.find(me, '2d6'))).to.deep.equal([1]);
  });

  bothWays('tells what the window shows word for word, and finds only the rest for `compacted`', async (indexed) => {
    const thread = await talk.thread(me, ['rune one', 'rune two', 'rune three', 'rune four', 'rune five']);
    const run = { kind: 'messages', fromSeq: 2, toSeq: 2 } as const;
    const summary = { ...aSummary, fromSeq: 1, toSeq: 3, seqs: [1, 3] };
    const revision = aRevision({ uptoSeq: 4, entries: [summary, run] });
    await harness().stores.conversations.commit(aRevisionChange(thread, { revision }));
    await indexed();
    const all = await talk.find(me, 'rune', { where: { threadId: thread } });
    const shown = Object.fromEntries(all.items.map(({ seq, inWindow }) => [seq, inWindow]));
    expect(shown).to.deep.equal({ 1: false, 2: true, 3: false, 4: false, 5: true });
    const compacted = await talk.find(me, 'rune', { where: { threadId: thread }, scope: 'compacted' });
    expect(seqsOf(compacted)).to.deep.equal([4, 3, 1]);
    expect(compacted.items.every(({ inWindow }) => !inWindow)).to.equal(true);
  });

  bothWays('finds nothing of others, nor of a game that was left, and lets nobody tell', async (indexed) => {
    const other = await talk.user();
    const game = await talk.game(me);
    const own = await talk.thread(me, ['my amulet']);
    const hidden = await talk.thread(other, Array(20).fill('amulet amulet ring'));
    const shared = await talk.thread(other, ['our amulet'], { gameId: game.id });
    await indexed();
    const search = () => talk.find(me, 'amulet');
    expect(placesOf(await search()).toSorted()).to.deep.equal([`${own}/1`, `${shared}/1`].toSorted());
    expect(await search()).to.include({ messages: 2, searched: 2 });
    expect(placesOf(await talk.find(me, 'amulet', { where: { threadId: hidden } }))).to.deep.equal([]);
    expect(placesOf(await talk.find(me, 'ring'))).to.deep.equal([]);
    await harness().stores.unitOfWork.run(({ memberships }) => memberships.remove(game.id, me));
    expect(placesOf(await search())).to.deep.equal([`${own}/1`]);
    await harness().index();
    expect(placesOf(await search())).to.deep.equal([`${own}/1`]);
  });

  bothWays('finds nothing of a deleted thread, from then on', async (indexed) => {
    const thread = await talk.thread(me, ['a lyre']);
    const kept = await talk.thread(me, ['another lyre']);
    await indexed();
    await harness().stores.unitOfWork.run(({ threads }) => threads.remove(thread, at(9)));
    for (const index of [async () => {}, harness().index]) {
      await index();
      expect(placesOf(await talk.find(me, 'lyre'))).to.deep.equal([`${kept}/1`]);
      expect(placesOf(await talk.find(me, 'lyre', { where: { threadId: thread } }))).to.deep.equal([]);
      expect(await talk.find(me, 'lyre')).to.include({ messages: 1, searched: 1 });
    }
  });

  bothWays('ranks as if what others wrote were not there', async (indexed) => {
    const texts = ['ring', 'amulet', 'ring and amulet, of a kind', 'amulet amulet'];
    const mine = await talk.thread(me, texts);
    await indexed();
    const scores = async () => placesOf(await talk.find(me, 'ring amulet nothing'));
    const before = await scores();
    await talk.thread(await talk.user(), Array(50).fill('ring'));
    await harness().index();
    expect(await scores()).to.deep.equal(before);
    expect(before).to.have.length(texts.length);
    expect(before.every((place) => place.startsWith(mine))).to.equal(true);
  });

  bothWays('goes on after a cursor without gaps or duplicates, whatever is said meanwhile', async (indexed) => {
    const thread = await talk.thread(
      me,
      Array.from({ length: 9 }, (_, i) => `coin ${i % 3 === 0 ? 'coin' : 'box'}`),
    );
    await indexed();
    const found: number[] = [];
    let cursor: SearchCursor | null | undefined;
    while (cursor !== null) {
      const page: Awaited<ReturnType<Talk['find']>> = await talk.find(me, 'coin', {
        limit: 2,
        ...(cursor && { cursor }),
      });
      found.push(...seqsOf(page));
      cursor = page.next;
      await talk.say(thread, 'coin coin coin', me);
      await indexed();
    }
    expect(found).to.deep.equal([7, 4, 1, 9, 8, 6, 5, 3, 2]);
  });

  it('tells the newest of very many first and then the older ones, each once', async () => {
    const thread = await talk.thread(me, ['oldest gem gem gem', ...Array(CANDIDATES_MAX + 60).fill('a gem')]);
    await harness().index();
    await talk.say(thread, 'gem', me);
    const seen: number[] = [];
    let cursor: SearchCursor | null | undefined;
    while (cursor !== null) {
      const page: Awaited<ReturnType<Talk['find']>> = await talk.find(me, 'gem', {
        limit: 200,
        ...(cursor && { cursor }),
      });
      seen.push(...seqsOf(page));
      cursor = page.next;
    }
    const all = CANDIDATES_MAX + 62;
    expect(seen).to.have.length(all);
    expect(new Set(seen)).to.have.property('size', all);
    expect(seen.indexOf(1)).to.be.at.least(CANDIDATES_MAX);
    expect(seen[0]).to.equal(all);
  });

  it('goes on after no message of others, nor after one that is not there', async () => {
    const other = await talk.user();
    await talk.thread(me, ['stone']);
    const hidden = await talk.thread(other, ['stone']);
    await harness().index();
    for (const newest of [
      { threadId: hidden, seq: 1 },
      { threadId: hidden, seq: 9 },
    ]) {
      const page = await talk.find(me, 'stone', { cursor: { mode: 'all', newest, skip: 0 } });
      expect(page).to.deep.include({ items: [], next: null });
    }
  });

  it('answers any text at all, and nothing to one without letters or digits', async () => {
    await talk.thread(me, ['x y z']);
    await harness().index();
    for (const query of [
      '',
      '"',
      '""',
      '!!',
      '*',
      'AND',
      'x AND',
      'NEAR(x y)',
      "'x",
      'x\\',
      'terms:x',
      'x:*',
      '-x',
      '^x',
    ])
      expect((await talk.find(me, query)).items, query).to.satisfy(Array.isArray);
    expect((await talk.find(me, '"!" * …')).items).to.deep.equal([]);
    const anything = fc.string({ unit: 'grapheme', maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(anything, async (query) => {
        await talk.find(me, query);
      }),
      { numRuns: 60 },
    );
  });
});

const aSummary = {
  kind: 'summary',
  role: 'user',
  name: null,
  content: 'rune and rune',
  toolCalls: null,
  toolCallId: null,
  size: 4,
  pinned: false,
} as const;
