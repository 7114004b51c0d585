/** What the `dedupe` strategy folds, and what it leaves apart. */
import { expect } from 'chai';
import { said } from '../../../support/builders/appending.ts';
import { freeing, outline, pressed, windowFrom } from '../../../support/builders/windows.ts';

const notice = (content: string) => said(content, { role: 'system' });
describe('The dedupe strategy', () => {
  it('folds notices that differ only in case, space, times and counters into one that names the first and the last', () => {
    const window = windowFrom([
      notice('Round 1 begins at 10:04 in the old mill'),
      notice('ROUND 2 begins at 10:11 in the  old mill'),
      notice('Round 13 begins at 11:00 in the old mill '),
      said('I draw my sword.'),
    ]);
    const { entries } = pressed(window, ['dedupe']).window;
    expect(outline(entries)).to.deep.equal(['folded 1-3', 'message 4']);
    expect(entries[0]).to.deep.include({ role: 'system', seqs: null });
    expect(entries[0]?.content).to.equal(
      'Round 13 begins at 11:00 in the old mill  (×3, #1 "Round 1 begins at 10:04" – #3)',
    );
    const same = pressed(
      windowFrom([notice('Saved the game.'), notice(' saved the GAME. '), notice('saved the game.')]),
      ['dedupe'],
    );
    expect(same.window.entries[0]?.content).to.equal('saved the game. (×3, #1 – #3)');
  });

  it('adds later notices to a folded entry, increases its count, and still names the first', () => {
    const round = (n: number) => notice(`Round ${n} begins in the old mill of the valley`);
    const first = pressed(windowFrom([round(1), round(2), round(3)]), ['dedupe']).window;
    const later = windowFrom([round(1), round(2), round(3), round(4)]).entries.slice(3);
    const grown = { ...first, entries: [...first.entries, ...later], size: 500 };
    const { entries } = pressed(grown, ['dedupe']).window;
    expect(entries[0]?.content).to.equal('Round 4 begins in the old mill of the valley (×4, #1 "Round 1" – #4)');
    // A fold that was stored before folds named the first.
    const older = { ...first.entries[0]!, content: 'Round 3 begins in the old mill of the valley (×3)' };
    const [again] = pressed({ ...grown, entries: [older, ...later] }, ['dedupe']).window.entries;
    expect(again?.content).to.equal('Round 4 begins in the old mill of the valley (×4, #1 "Round 3" – #4)');
  });

  it('folds what counts and ticks in eight languages', () => {
    for (const [one, two] of [
      ['Step 3 of 10 is done', 'Step 4 of 10 is done'],
      ['Runde 3 um 10.04 Uhr', 'Runde 4 um 11 Uhr'],
      ['Tour 3 à 10h30', 'Tour 4 à 11h05'],
      ['Раунд 3 начался', 'Раунд 4 начался'],
      ['第3回合开始，10点05分', '第4回合开始，11点'],
      ['ラウンド3、12時30分', 'ラウンド4、13時'],
      ['라운드 3, 오후 3시 20분', '라운드 4, 오후 4시'],
      ['الجولة ٣ تبدأ', 'الجولة ٤ تبدأ'],
    ]) {
      const lines = [one, two, one, two].map((text) => notice(`${text}. The mill burns, and burns, and burns.`));
      expect(outline(pressed(windowFrom(lines), ['dedupe']).window.entries), one).to.deep.equal(['folded 1-4']);
    }
  });

  it('folds no notices that name different dates, places or amounts', () => {
    for (const [one, two] of [
      ['1:56 pm on 8 May, 2023', '1:56 pm on 25 May, 2023'],
      ['Session of 2023-05-08', 'Session of 2023-05-09'],
      ['Session of 5/8/2023, 10:04', 'Session of 5/9/2023, 10:04'],
      ['Sitzung vom 8.5.2023', 'Sitzung vom 9.5.2023'],
      ['Sitzung vom 8. Mai, 19 Uhr', 'Sitzung vom 9. Mai, 19 Uhr'],
      ['Séance du 8 mai', 'Séance du 9 mai'],
      ['Встреча 8 мая', 'Встреча 9 мая'],
      ['5月8日的会议', '5月9日的会议'],
      ['5月8日のセッション', '5月9日のセッション'],
      ['5월 8일 모임', '5월 9일 모임'],
      ['جلسة 8 مايو', 'جلسة 9 مايو'],
      ['You enter room 3', 'You enter room 4'],
      ['Ana gains 40 gold', 'Ana gains 60 gold'],
    ]) {
      const window = windowFrom([one, two, one, two].map((text) => notice(`${text}. The mill burns on.`)));
      expect(pressed(window, ['dedupe']).window, one).to.deep.equal(window);
    }
  });

  it('folds no notices across what was said between them, and each run by itself', () => {
    const round = (n: number) => notice(`Round ${n} begins in the old mill of the valley`);
    const lines = [round(1), said('I hide.'), round(2), round(3), round(4), said('So do I.'), round(5)];
    expect(outline(pressed(windowFrom(lines), ['dedupe']).window.entries)).to.deep.equal([
      'message 1',
      'message 2',
      'folded 3-5',
      'message 6',
      'message 7',
    ]);
  });

  it('does not fold ordinary messages, pinned notices or results of calls', () => {
    const call = said('', { role: 'assistant', toolCalls: [{ id: 'a', name: 'roll', arguments: '{}' }] });
    const result = said('You rolled 17 on the big table', { role: 'tool', toolCallId: 'a' });
    const lines = [
      said('I wait. I wait. I wait.'),
      said('I wait. I wait. I wait.'),
      call,
      result,
      notice('Saved the game'),
      notice('Saved the game'),
    ];
    const { entries } = pressed(windowFrom(lines, [6]), ['dedupe']).window;
    expect(outline(entries)).to.deep.equal([
      'message 1',
      'message 2',
      'message 3',
      'message 4',
      'message 5',
      'message 6',
    ]);
  });

  it('folds no notices of different names', () => {
    const by = (name: string) => said('The old mill burns to the ground tonight', { role: 'system', name });
    const window = windowFrom([by('HERALD'), by('SCOUT'), said('I listen.')]);
    expect(pressed(window, ['dedupe']).window).to.deep.equal(window);
  });

  it('leaves a block that is repeated at the start of messages only in the newest', () => {
    const block = 'Goblin. Small humanoid, neutral evil.\nArmor class 15, hit points 7, speed 30 feet.\n';
    const window = windowFrom([said(`${block}Does it hide?`), said('Maybe.'), said(`${block}And now?`), said(block)]);
    const { entries } = pressed(window, ['dedupe']).window;
    expect(entries.map((entry) => entry.content)).to.deep.equal([
      '[as in messages/4]\nDoes it hide?',
      'Maybe.',
      '[as in messages/4]\nAnd now?',
      block,
    ]);
    expect(entries[0]).to.deep.include({ kind: 'condensed', role: 'user', fromSeq: 1, toSeq: 1 });
  });

  it('refers to a repeated block from 60 characters on, at the end of a line or a sentence', () => {
    const outcome = (head: string) =>
      pressed(windowFrom([said(`${head}Does it hide?`), said(`${head}And now?`)]), ['dedupe']).window.entries[0]!
        .content;
    const block = `${'a'.repeat(58)}.`;
    expect(outcome(`b${block} `)).to.equal('[as in messages/2]\nDoes it hide?');
    expect(outcome(`${block} `)).to.equal(`${block} Does it hide?`);
    for (const end of ['!', '?', ':', '\n']) expect(outcome(`bb${block.slice(0, -1)}${end} `)).to.match(/^\[as in/u);
    expect(outcome(`bb${block.slice(0, -1)}, `)).not.to.match(/^\[as in/u);
  });

  it('refers to a repeated block that is a whole message, or ends a line in one of the two alone', () => {
    const block = `${'a'.repeat(59)}.`;
    const first = (...texts: readonly string[]) =>
      pressed(windowFrom(texts.map((text) => said(text))), ['dedupe']).window.entries[0]!.content;
    expect(first(block, `${block} And now?`)).to.equal('[as in messages/2]');
    expect(first(`${block}\nDoes it hide?`, `${block} And now?`)).to.equal('[as in messages/2]\nDoes it hide?');
  });

  it('looks for a repeated block at 24 ends and within 8000 characters', () => {
    const first = (one: string, two: string) =>
      pressed(windowFrom([said(one), said(two)]), ['dedupe']).window.entries[0]!.content;
    const lines = ['a'.repeat(60), ...Array.from({ length: 29 }, (_, n) => `line ${n + 2}`)];
    const block = `${lines.join('\n')}\n`;
    const rest = [...lines.slice(24), 'Does it hide?'].join('\n');
    expect(first(`${block}Does it hide?`, `${block}And now?`)).to.equal(`[as in messages/2]\n${rest}`);
    const long = (length: number) => `${'a'.repeat(length - 1)}\n`;
    expect(first(`${long(8_000)}One`, `${long(8_000)}Two`)).to.equal('[as in messages/2]\nOne');
    expect(first(`${long(8_001)}One`, `${long(8_001)}Two`)).to.equal(`${long(8_001)}One`);
  });

  it('refers to a repeated block in the oldest messages first, in no more than it must, and in no pinned one', () => {
    const block = `Goblin. Small humanoid, neutral evil. Armor class 15, hit points 7.\n`;
    const lines = ['One', 'Two', 'Three', 'Four'].map((text) => said(`${block}${text}`));
    const referring = (pinned: readonly number[]) =>
      freeing(windowFrom(lines, pinned), 1, ['dedupe'])
        .window.entries.filter(({ content }) => content.startsWith('[as in messages/4]'))
        .map(({ fromSeq }) => fromSeq);
    expect(referring([])).to.deep.equal([1]);
    expect(referring([1])).to.deep.equal([2]);
  });

  it('folds nothing if the count would take more than it saves', () => {
    const window = windowFrom([notice('Hm'), notice('Hm'), said('I listen.')]);
    expect(pressed(window, ['dedupe']).window).to.deep.equal(window);
  });

  it('stops as soon as it has freed enough', () => {
    const pair = (text: string) => [notice(`${text} once more tonight`), notice(`${text} once more tonight`)];
    const window = windowFrom([...pair('The wolves howl'), ...pair('The owls hoot')]);
    expect(outline(freeing(window, 5, ['dedupe']).window.entries)).to.deep.equal([
      'folded 1-2',
      'message 3',
      'message 4',
    ]);
  });
});
