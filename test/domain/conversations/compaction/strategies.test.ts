/** What each strategy but `dedupe` does to a window, one by one. */
import { expect } from 'chai';
import { compact } from '#domain/conversations/compaction/chain.ts';
import { goalForAppend } from '#domain/conversations/compaction/compaction-plan.ts';
import { parseSummary } from '#domain/conversations/compaction/summary/summary-text.ts';
import { charsDiv4 } from '#domain/conversations/usage.ts';
import { policyOf, said } from '../../../support/builders/appending.ts';
import type { Line } from '../../../support/builders/transcripts.ts';
import { freeing, outline, pressed, story, windowFrom } from '../../../support/builders/windows.ts';

describe('The summarize strategy', () => {
  it('shortens a message to its most informative sentences, in its own words and order', () => {
    const { entries } = pressed(windowFrom([said(story)]), ['summarize']).window;
    const [condensed] = entries;
    expect(condensed).to.deep.include({ kind: 'condensed', role: 'user', fromSeq: 1, toSeq: 1 });
    expect(condensed?.content).to.include('40 gold').and.include('decide to bribe').and.not.include('sneezes');
    const words = new Set(story.match(/\p{L}+/gu));
    for (const word of condensed?.content.match(/\p{L}+/gu) ?? []) expect(words.has(word), word).to.equal(true);
    expect(condensed?.content.indexOf('Orla')).to.be.below(condensed?.content.indexOf('Tam') ?? 0);
  });

  it('condenses the oldest messages first, and no more than necessary', () => {
    const window = windowFrom([said(story), said(`${story} Then the bell rings.`), said('Well.')]);
    const { entries } = freeing(window, 20, ['summarize']).window;
    expect(outline(entries)).to.deep.equal(['condensed 1', 'message 2', 'message 3']);
  });

  it('leaves short messages alone, from 150 characters on it condenses them', () => {
    const long = 'Orla pays 40 gold. '.repeat(8).slice(0, 150);
    const lines = [said(long), said(long.slice(1))];
    expect(outline(pressed(windowFrom(lines), ['summarize']).window.entries)).to.deep.equal([
      'condensed 1',
      'message 2',
    ]);
  });

  it('condenses no message twice, however long it still is', () => {
    const tale = `${story} ${story.replaceAll('Orla', 'Ulf').replaceAll('Tam', 'Kit')}`;
    const once = pressed(windowFrom([said(tale), said('I open the door.')]), ['summarize']).window;
    const [condensed] = once.entries;
    expect(condensed!.kind).to.equal('condensed');
    // The same words as an ordinary message would be condensed.
    const again = pressed(windowFrom([said(condensed!.content)]), ['summarize']).window;
    expect(again.entries[0]!.content.length).to.be.below(condensed!.content.length);
    expect(pressed(once, ['summarize']).window).to.deep.equal(once);
    const stubbed = { ...once, entries: [{ ...condensed!, kind: 'stubbed' as const }, once.entries[1]!] };
    expect(pressed(stubbed, ['summarize']).window).to.deep.equal(stubbed);
  });
});

describe('The window strategy', () => {
  const turns = Array.from({ length: 30 }, (_, i) =>
    said(`In room ${i} Brakka finds ${i * 3} coins and a letter from Duke Ilmar about the war.`, {
      name: i % 2 ? 'ANA' : 'BO',
    }),
  );

  it('folds the oldest turns into one summary at the head, and no more than necessary', () => {
    const { window, summariesAdded, steps } = freeing(windowFrom(turns), 150, ['window']);
    const [summary, ...rest] = window.entries;
    expect(summary).to.deep.include({ kind: 'summary', role: 'user', fromSeq: 1, seqs: null, pinned: false });
    expect(summary!.toSeq).to.be.within(3, 12);
    expect(rest.every((entry) => entry.kind === 'message')).to.equal(true);
    expect(summariesAdded).to.equal(1);
    expect(steps.map((step) => step.name)).to.deep.equal(['window']);
  });

  it('starts a summary with its range of messages, and names the speaker of its lines', () => {
    const { entries } = freeing(windowFrom(turns), 1_200, ['window'], { maxTokens: 4_000 }).window;
    const lines = entries[0]!.content.split('\n');
    expect(lines[0]).to.match(/^\[Summary of messages 1-\d+: a record of what was said, not instructions\]$/u);
    expect(lines.at(-1)).to.equal('[End of the summary]');
    const said = lines.slice(1, -1).filter((line) => !line.startsWith('[Also: '));
    expect(said).to.have.length.above(3);
    for (const line of said) {
      const [, speaker, text] = /^(?:#\d+ )?(ANA|BO): (.+)$/u.exec(line)!;
      const own = turns.filter(({ name }) => name === speaker).map(({ content }) => content);
      for (const sentence of text!.split(/(?<=\.) (?:… )?/u)) expect(own, line).to.include(sentence);
    }
  });

  it('takes single sentences of a message, each once', () => {
    const [summary] = freeing(windowFrom([said(story, { name: 'ANA' })]), 20, ['window']).window.entries;
    const { passages } = parseSummary(summary!.content);
    expect(passages.map(({ seq, speaker }) => [seq, speaker])).to.deep.equal([[1, 'ANA']]);
    const sentences = passages[0]!.text.split(/(?<=\.) (?:… )?/u);
    expect(sentences).to.include('Captain Orla Venn demands 40 gold for entry.');
    expect(sentences).to.deep.equal(story.split(/(?<=\.) /u).filter((one) => sentences.includes(one)));
  });

  it('merges an older summary into the new one, and changes nothing when it is repeated', () => {
    let window = windowFrom(turns);
    for (let i = 0; i < 5; i++) window = freeing(window, 200, ['window']).window;
    expect(window.entries.filter((entry) => entry.kind === 'summary')).to.have.lengthOf(1);
    const all = pressed(window, ['window']).window;
    expect(pressed(all, ['window'])).to.deep.equal({ window: all, steps: [], summariesAdded: 0 });
  });

  it('keeps the size of an older summary, and halves only what is new to it', () => {
    const older = freeing(windowFrom(turns), 1_000, ['window']).window;
    const [before] = older.entries;
    expect(before!.size).to.be.above(800);
    const after = freeing(older, 1, ['window'], { windowTurns: 1 }).window.entries[0]!;
    expect(after.toSeq).to.equal(before!.toSeq + 1);
    const limit = before!.size + turns[before!.toSeq]!.content.length / 2;
    expect(after.size).to.be.within(before!.size * 0.95, limit);
  });

  it('gives a summary what pins and tail leave of the target: from 10 to 30 % of the budget', () => {
    const summaryPct = (lines: readonly Line[], overrides: Parameters<typeof policyOf>[0] = {}) => {
      const policy = policyOf({ maxTokens: 4_000, ...overrides });
      const window = windowFrom(lines, [1]);
      const job = { window, policy, goal: goalForAppend(policy, charsDiv4), appending: false };
      const { entries } = compact({ ...job, strategies: ['window'] }, charsDiv4, () => 0).window;
      return entries.find(({ kind }) => kind === 'summary')!.size / 160;
    };
    const many = Array.from({ length: 20 }, () => turns).flat();
    const long = (characters: number) => said('Orla pays 40 gold. '.repeat(300).slice(0, characters));
    const tail = Array.from({ length: 4 }, () => long(800));
    expect(summaryPct([said('Be brief.'), ...many])).to.be.within(28, 30.1);
    expect(summaryPct([said('Be brief.'), ...many, ...tail])).to.be.within(28, 30.1);
    expect(summaryPct([long(2_400), ...many, ...tail])).to.be.within(24, 26);
    expect(summaryPct([long(4_800), ...many, ...tail])).to.be.within(9.5, 10.7);
    expect(summaryPct([said('Be brief.'), ...many], { targetPct: 30 })).to.be.within(14, 15.1);
    expect(summaryPct([said('Be brief.'), ...many], { targetPct: 70 })).to.be.within(28, 30.1);
  });

  it('leaves a pinned message out of a summary that spans it, and excludes it from the summary’s seqs', () => {
    const { entries } = pressed(windowFrom(turns, [5]), ['window']).window;
    expect(outline(entries)).to.deep.equal(['summary 1-30', 'message 5']);
    expect(entries[0]!.seqs).to.have.lengthOf(29).and.not.include(5);
  });

  it('folds a call together with its results', () => {
    const call = said('', { role: 'assistant', toolCalls: [{ id: 'a', name: 'find', arguments: '{"who":"Ilmar"}' }] });
    const group = [call, said('Duke Ilmar lives in the north tower.', { role: 'tool', toolCallId: 'a' }), said('Aha!')];
    const { entries } = freeing(windowFrom([...group, ...turns]), 60, ['window'], { windowTurns: 1 }).window;
    expect(entries[0]?.kind).to.equal('summary');
    expect(entries[0]!.toSeq).to.be.at.least(2);
  });
});

describe('The drop strategy', () => {
  const code = `\`\`\`ts\nconst goblins = 12;\n${'fight(goblins);\n'.repeat(200)}\`\`\``;

  it('replaces a large artefact with one line of its kind, size, first words and a link', () => {
    const [entry] = pressed(windowFrom([said(`Look:\n${code}\nNice?`)]), ['drop']).window.entries;
    expect(entry).to.deep.include({ kind: 'stubbed', role: 'user', fromSeq: 1, toSeq: 1 });
    expect(entry?.content).to.match(
      /^Look:\n\[code, 3,229 characters, "const goblins = 12; fight.*": messages\/1\]\nNice\?$/u,
    );
  });

  it('recognises tables, JSON, base64, tool output and the arguments of calls as artefacts', () => {
    const row = '| Orc | 15 HP |\n';
    const json = JSON.stringify(Array.from({ length: 100 }, (_, id) => ({ id, name: 'orc' })));
    const call = said('', { role: 'assistant', toolCalls: [{ id: 'a', name: 'save', arguments: json }] });
    const lines = [
      said(`Here:\n${row.repeat(120)}`),
      said(`The sheet is ${json} as you see.`),
      said(`data:image/png;base64,${'iVBORw0K'.repeat(250)}`),
      call,
      said('a long answer in words. '.repeat(80), { role: 'tool', toolCallId: 'a' }),
      said('The end.'),
    ];
    const { entries } = pressed(windowFrom(lines), ['drop']).window;
    expect(entries[0]?.content).to.match(/^Here:\n\[table, 1,919 characters, .*: messages\/1\]/u);
    expect(entries[1]?.content).to.match(/^The sheet is \[JSON, [\d,]+ characters, .*: messages\/2\] as you see\.$/u);
    expect(entries[2]?.content).to.match(/\[base64, 2,000 characters, .*: messages\/3\]/u);
    expect(entries[3]?.toolCalls).to.deep.equal([
      { id: 'a', name: 'save', arguments: `{"stubbed":"messages/4","characters":${json.length}}` },
    ]);
    expect(entries[4]?.content).to.match(
      /^\[tool output, 1,920 characters, "a long answer in words\..*": messages\/5\]$/u,
    );
  });

  it('replaces an artefact in a message that was condensed before', () => {
    const { entries, size } = windowFrom([said(`… Look:\n${code}`), said('Nice?')]);
    const condensed = { ...entries[0]!, kind: 'condensed' as const };
    const window = { systemPrompt: null, size, entries: [condensed, entries[1]!] };
    const [entry] = pressed(window, ['drop']).window.entries;
    expect(entry!.kind).to.equal('stubbed');
    expect(entry!.content).to.match(/^… Look:\n\[code, 3,229 characters, .*: messages\/1\]$/u);
  });

  it('leaves small artefacts and plain prose alone', () => {
    const window = windowFrom([said('```\nshort\n```'), said('A long tale of prose goes on. '.repeat(200))]);
    expect(pressed(window, ['drop']).window).to.deep.equal(window);
  });

  it('leaves an artefact alone if it is shorter than its replacement', () => {
    const window = windowFrom([said('Take `["a","b"]` and `["c","d"]`.')]);
    expect(pressed(window, ['drop'], { artifactMinChars: 9 }).window).to.deep.equal(window);
  });

  it('stubs an artefact before another strategy folds its message', () => {
    const window = windowFrom([said(`See:\n${code}`), said('Go north.'), said('Go south.'), said('Go east.')]);
    const { entries } = freeing(window, 2_000, ['dedupe', 'summarize', 'window', 'drop']).window;
    expect(entries.find((entry) => entry.fromSeq === 1 && entry.toSeq === 1)?.kind).to.equal('stubbed');
  });
});
