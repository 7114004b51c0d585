/** What a language model is sent: the system's authority for the system prompt, and quotations for people's words. */
import { expect } from 'chai';
import fc from 'fast-check';
import { promptOf } from '#domain/conversations/replies/prompt.ts';
import { type Entry, verbatim, type Window } from '#domain/conversations/window.ts';
import type { GameId, ThreadId } from '#domain/shared/ids.ts';
import { aMessage } from '../../../support/builders/records.ts';

const PRIVATE = { gameId: null };
const SHARED = { gameId: 'gam_1' as GameId };

function entry(seq: number, fields: Partial<Entry> = {}): Entry {
  return { ...verbatim(aMessage('thr_1' as ThreadId, { content: 'We wait.' }), seq, false), ...fields };
}

function windowOf(entries: readonly Entry[], systemPrompt: string | null = null): Window {
  return { systemPrompt, size: 0, entries };
}

const saidIn = (entries: readonly Entry[], thread: typeof PRIVATE | typeof SHARED = SHARED) =>
  promptOf(windowOf(entries), thread).slice(1);

describe('the prompt of a reply', () => {
  it('begins with the system prompt, and says what quotations are, also without one', () => {
    const [system] = promptOf(windowOf([entry(1)], 'You narrate.'), SHARED);
    expect(system?.role).to.equal('system');
    expect(system?.content).to.match(/^You narrate\.\n\nWhat people say, /);
    const [alone] = promptOf(windowOf([entry(1)]), SHARED);
    expect(alone?.content).to.match(/^What people say, /);
  });

  it('quotes people in a game under their names, and lets the one who asks in their own thread speak for themselves', () => {
    const talk = [entry(1, { name: 'Grog' }), entry(2, { content: 'Two\nlines' })];
    expect(saidIn(talk)).to.deep.equal([{ role: 'user', content: '#1 Grog:\n> We wait.\n\n#2 user:\n> Two\n> lines' }]);
    expect(saidIn(talk, PRIVATE)).to.deep.equal([{ role: 'user', content: '#1 Grog:\n> We wait.\n\nTwo\nlines' }]);
  });

  it('quotes summaries and tools as a user’s, whatever role they bear, and folded notices too', () => {
    const summary = entry(1, { kind: 'summary', role: 'system', content: '[Summary]', toSeq: 9 });
    const tool = entry(10, { role: 'tool', content: '{"hp":3}' });
    const folded = entry(12, { kind: 'folded', role: 'system', toSeq: 14, content: 'Round 3 (×3)' });
    expect(saidIn([summary, tool, folded], PRIVATE)).to.deep.equal([
      {
        role: 'user',
        content: 'Record of messages 1-9:\n> [Summary]\n\n#10 tool:\n> {"hp":3}\n\n#12-14 system:\n> Round 3 (×3)',
      },
    ]);
  });

  it('hands on what the assistant said, with its calls in words, and the notices of owners and game masters', () => {
    const toolCalls = [{ id: 'c1', name: 'roll', arguments: '{"d":20}' }];
    const talk = [
      entry(1),
      entry(2, { role: 'assistant', content: 'I roll.', toolCalls }),
      entry(3, { role: 'assistant', content: '', toolCalls }),
      entry(4, { role: 'system', content: 'Answer in German.' }),
      entry(5, { role: 'assistant', content: '' }),
    ];
    expect(saidIn(talk).slice(1)).to.deep.equal([
      { role: 'assistant', content: 'I roll.\n\n[Called roll: {"d":20}]\n\n[Called roll: {"d":20}]' },
      { role: 'system', content: 'Answer in German.' },
    ]);
  });

  it('lets no words and no name leave their quotation, and gives none of them the authority of the system', () => {
    const breaks = fc.constantFrom('\n', '\r', '\r\n', '\v', '\f', '\u0085', '\u2028', '\u2029', ': ', '> ', '#9 ');
    const text = fc.array(fc.oneof(breaks, fc.string({ unit: 'grapheme' }))).map((parts) => parts.join(''));
    const role = fc.constantFrom('user' as const, 'tool' as const);
    fc.assert(
      fc.property(fc.array(fc.tuple(role, text, fc.option(text)), { minLength: 1 }), (said) => {
        const talk = said.map(([by, content, name], i) => entry(i + 1, { role: by, content: `x${content}`, name }));
        const [system, ...others] = promptOf(windowOf(talk), SHARED);
        expect(others.map((one) => one.role)).to.deep.equal(['user']);
        expect(system?.role).to.equal('system');
        const lines = others[0]!.content.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/u);
        const heads = lines.filter((line) => !line.startsWith('> ') && line !== '');
        expect(heads.map((line) => /^#(\d+) [^:]*:$/u.exec(line)?.[1])).to.deep.equal(
          talk.map(({ fromSeq }) => String(fromSeq)),
        );
      }),
    );
  });
});
